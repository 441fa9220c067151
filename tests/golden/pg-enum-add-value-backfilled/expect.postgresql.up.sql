ALTER TYPE mood ADD VALUE 'glad' AFTER 'ok';

-- schemadiff:batch t (id) 10000
UPDATE t SET m = 'glad' WHERE m IS NULL AND :batch;
-- schemadiff:transaction
-- locks t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t ADD CONSTRAINT t_m_not_null CHECK (m IS NOT NULL) NOT VALID;
-- schemadiff:batch t (id) 10000
UPDATE t SET m = 'glad' WHERE m IS NULL AND :batch;
-- schemadiff:transaction
-- locks t: SHARE UPDATE EXCLUSIVE and scans it
ALTER TABLE t VALIDATE CONSTRAINT t_m_not_null;
-- schemadiff:transaction
-- locks t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t ALTER COLUMN m SET NOT NULL;
ALTER TABLE t DROP CONSTRAINT t_m_not_null;
