ALTER INDEX ix_b RENAME TO ix_b_replaced;
-- schemadiff:no-transaction
-- locks t: SHARE UPDATE EXCLUSIVE and scans it
CREATE INDEX CONCURRENTLY ix_b ON t (b);
-- locks t: SHARE UPDATE EXCLUSIVE, for an instant
ALTER TABLE t CLUSTER ON ix_b;
-- locks t: SHARE UPDATE EXCLUSIVE, for an instant
DROP INDEX CONCURRENTLY ix_b_replaced;
