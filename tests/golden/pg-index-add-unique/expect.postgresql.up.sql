-- schemadiff:no-transaction
-- locks t: SHARE UPDATE EXCLUSIVE and scans it
CREATE UNIQUE INDEX CONCURRENTLY ix_t ON t (b);
