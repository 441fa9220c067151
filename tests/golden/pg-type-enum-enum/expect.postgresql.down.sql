CREATE TYPE mood AS ENUM ('sad', 'ok');

-- locks t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t ALTER COLUMN a DROP DEFAULT;
-- locks t: ACCESS EXCLUSIVE and rewrites it
ALTER TABLE t ALTER COLUMN a TYPE mood USING CAST(CAST(a AS text) AS mood);
-- locks t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t ALTER COLUMN a SET DEFAULT 'ok'::mood;

DROP TYPE humour;
