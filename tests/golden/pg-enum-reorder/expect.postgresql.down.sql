ALTER TYPE mood RENAME TO mood_replaced;
CREATE TYPE mood AS ENUM ('sad', 'ok');
-- locks t: ACCESS EXCLUSIVE and rewrites it
LOCK TABLE t IN ACCESS EXCLUSIVE MODE;
ALTER TABLE t ALTER COLUMN m TYPE mood USING m::text::mood;

-- schemadiff:transaction
DROP TYPE mood_replaced;
