-- warning: values are invented for t.a where there are none
-- schemadiff:batch t (id, b) 10000
UPDATE t SET a = 0 WHERE a IS NULL AND :batch;
-- schemadiff:transaction
-- locks t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t ADD CONSTRAINT t_a_not_null CHECK (a IS NOT NULL) NOT VALID;
-- schemadiff:batch t (id, b) 10000
UPDATE t SET a = 0 WHERE a IS NULL AND :batch;
-- schemadiff:transaction
-- locks t: SHARE UPDATE EXCLUSIVE and scans it
ALTER TABLE t VALIDATE CONSTRAINT t_a_not_null;
-- schemadiff:transaction
-- locks t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t ALTER COLUMN a SET NOT NULL;
ALTER TABLE t DROP CONSTRAINT t_a_not_null;

-- schemadiff:no-transaction
-- locks t: SHARE UPDATE EXCLUSIVE and scans it
CREATE UNIQUE INDEX CONCURRENTLY pk_replaced ON t (id, a);
-- schemadiff:transaction
-- locks t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t DROP CONSTRAINT pk;
ALTER TABLE t ADD CONSTRAINT pk PRIMARY KEY USING INDEX pk_replaced;

ALTER TABLE t ALTER COLUMN b DROP NOT NULL;
