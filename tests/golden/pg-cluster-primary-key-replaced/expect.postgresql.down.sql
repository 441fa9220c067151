-- schemadiff:no-transaction
-- locks t: SHARE UPDATE EXCLUSIVE and scans it
CREATE UNIQUE INDEX CONCURRENTLY pk_replaced ON t (id);
-- schemadiff:transaction
-- locks t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t DROP CONSTRAINT pk_new;
ALTER TABLE t ADD CONSTRAINT pk PRIMARY KEY USING INDEX pk_replaced;
ALTER TABLE t CLUSTER ON pk;
