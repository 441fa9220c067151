-- schemadiff:no-transaction
-- locks t: SHARE UPDATE EXCLUSIVE and scans it
CREATE UNIQUE INDEX CONCURRENTLY pk_new_replaced ON t (id, a);
-- schemadiff:transaction
-- locks t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t DROP CONSTRAINT pk;
ALTER TABLE t ADD CONSTRAINT pk_new PRIMARY KEY USING INDEX pk_new_replaced;
ALTER TABLE t CLUSTER ON pk_new;
