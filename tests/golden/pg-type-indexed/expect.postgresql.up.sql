-- locks t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t DROP CONSTRAINT ck_a;

ALTER TABLE t ALTER COLUMN a TYPE text;

ALTER TABLE t ADD CONSTRAINT ck_a CHECK (a <> '') NOT VALID;
-- schemadiff:transaction
-- locks t: SHARE UPDATE EXCLUSIVE and scans it
ALTER TABLE t VALIDATE CONSTRAINT ck_a;
