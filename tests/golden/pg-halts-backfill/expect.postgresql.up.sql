-- locks t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t ADD COLUMN b integer;
-- schemadiff:batch t (id) 10000
UPDATE t SET b = a::integer WHERE b IS NULL AND :batch;
-- schemadiff:transaction
-- locks t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t ADD CONSTRAINT t_b_not_null CHECK (b IS NOT NULL) NOT VALID;
-- schemadiff:batch t (id) 10000
UPDATE t SET b = a::integer WHERE b IS NULL AND :batch;
-- schemadiff:transaction
-- locks t: SHARE UPDATE EXCLUSIVE and scans it
ALTER TABLE t VALIDATE CONSTRAINT t_b_not_null;
-- schemadiff:transaction
-- locks t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t ALTER COLUMN b SET NOT NULL;
ALTER TABLE t DROP CONSTRAINT t_b_not_null;
