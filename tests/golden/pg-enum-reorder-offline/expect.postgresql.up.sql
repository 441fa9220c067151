ALTER TYPE mood RENAME TO mood_replaced;
CREATE TYPE mood AS ENUM ('ok', 'sad');
-- locks t: ACCESS EXCLUSIVE and rewrites it
LOCK TABLE t IN ACCESS EXCLUSIVE MODE;
ALTER TABLE t ALTER COLUMN m TYPE mood USING m::text::mood;

DROP TYPE mood_replaced;
