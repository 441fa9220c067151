-- schemadiff:no-transaction
-- locks t: SHARE UPDATE EXCLUSIVE and scans it
CREATE UNIQUE INDEX CONCURRENTLY uq_t_replaced ON t (a);
-- schemadiff:transaction
-- locks t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t DROP CONSTRAINT uq_t;
ALTER TABLE t ADD CONSTRAINT uq_t UNIQUE USING INDEX uq_t_replaced;
