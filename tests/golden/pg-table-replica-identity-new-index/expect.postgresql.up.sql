-- schemadiff:no-transaction
-- locks t: SHARE UPDATE EXCLUSIVE and scans it
CREATE UNIQUE INDEX CONCURRENTLY ix_t_a ON t (a);
-- locks t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t REPLICA IDENTITY USING INDEX ix_t_a;

-- schemadiff:transaction
-- locks t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t REPLICA IDENTITY USING INDEX ix_t_a;
