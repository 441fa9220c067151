-- warning: values are invented for t.a where there are none
-- schemadiff:batch t (id) 10000
UPDATE t SET a = 0 WHERE a IS NULL AND :batch;
-- schemadiff:transaction
-- locks t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t ADD CONSTRAINT n NOT NULL a NOT VALID;
-- schemadiff:batch t (id) 10000
UPDATE t SET a = 0 WHERE a IS NULL AND :batch;
-- schemadiff:transaction
-- locks t: SHARE UPDATE EXCLUSIVE and scans it
ALTER TABLE t VALIDATE CONSTRAINT n;
