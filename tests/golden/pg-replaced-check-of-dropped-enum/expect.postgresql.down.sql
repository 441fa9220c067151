CREATE TYPE mood AS ENUM ('good', 'bad');

-- warning: the data of t.a was dropped on the way up and does not come back
-- locks t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t ADD COLUMN a mood;

ALTER TABLE t ADD CONSTRAINT ck_old CHECK ((a <> 'bad'::mood) OR (b > 1)) NOT VALID;
-- schemadiff:transaction
-- locks t: SHARE UPDATE EXCLUSIVE and scans it
ALTER TABLE t VALIDATE CONSTRAINT ck_old;

-- schemadiff:transaction
-- locks t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t DROP CONSTRAINT ck_new;
