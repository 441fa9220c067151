-- schemadiff:no-transaction
-- locks t: SHARE UPDATE EXCLUSIVE and scans it
CREATE UNIQUE INDEX CONCURRENTLY uq_replaced ON t (a);
-- schemadiff:transaction
-- locks t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t DROP CONSTRAINT uq;
ALTER TABLE t ADD CONSTRAINT uq UNIQUE USING INDEX uq_replaced;
ALTER TABLE t CLUSTER ON uq;
