-- schemadiff:no-transaction
-- locks t: SHARE UPDATE EXCLUSIVE, for an instant
DROP INDEX CONCURRENTLY ix_t_b;

-- schemadiff:transaction
-- locks t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t DROP CONSTRAINT ck_t_b;

ALTER TABLE t DROP COLUMN b;
-- locks t: ACCESS EXCLUSIVE and rewrites it
ALTER TABLE t ADD COLUMN b text GENERATED ALWAYS AS (lower(a)) STORED;

-- locks t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t ADD CONSTRAINT ck_t_b CHECK (b <> 'no') NOT VALID;
-- schemadiff:transaction
-- locks t: SHARE UPDATE EXCLUSIVE and scans it
ALTER TABLE t VALIDATE CONSTRAINT ck_t_b;

-- schemadiff:no-transaction
-- locks t: SHARE UPDATE EXCLUSIVE and scans it
CREATE INDEX CONCURRENTLY ix_t_b ON t (b);
