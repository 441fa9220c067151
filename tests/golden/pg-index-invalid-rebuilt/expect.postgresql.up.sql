-- schemadiff:no-transaction
-- locks t: SHARE UPDATE EXCLUSIVE, for an instant
DROP INDEX CONCURRENTLY ix_a;
-- locks t: SHARE UPDATE EXCLUSIVE and scans it
CREATE INDEX CONCURRENTLY ix_a ON t (a);

-- locks t: SHARE UPDATE EXCLUSIVE, for an instant
DROP INDEX CONCURRENTLY ix_b;
-- locks t: SHARE UPDATE EXCLUSIVE and scans it
CREATE UNIQUE INDEX CONCURRENTLY ix_b ON t (b);
