-- schemadiff:no-transaction
-- locks t: SHARE UPDATE EXCLUSIVE, for an instant
DROP INDEX CONCURRENTLY ix_low;

-- schemadiff:transaction
-- locks t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t DROP CONSTRAINT ck_a;

-- locks t: ACCESS EXCLUSIVE and rewrites it
ALTER TABLE t ALTER COLUMN a TYPE integer USING CAST(a AS integer);

-- locks t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t ADD CONSTRAINT ck_a CHECK (a > 0) NOT VALID;
-- schemadiff:transaction
-- locks t: SHARE UPDATE EXCLUSIVE and scans it
ALTER TABLE t VALIDATE CONSTRAINT ck_a;
