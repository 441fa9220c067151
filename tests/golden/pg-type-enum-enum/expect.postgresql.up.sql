CREATE TYPE humour AS ENUM ('ok', 'sad', 'glad');

-- locks t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t ALTER COLUMN a DROP DEFAULT;
-- locks t: ACCESS EXCLUSIVE and rewrites it
ALTER TABLE t ALTER COLUMN a TYPE humour USING CAST(CAST(a AS text) AS humour);
-- locks t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t ALTER COLUMN a SET DEFAULT 'ok';

DROP TYPE mood;
