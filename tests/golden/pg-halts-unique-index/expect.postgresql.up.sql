-- locks t: SHARE UPDATE EXCLUSIVE, for an instant
COMMENT ON TABLE t IS 'behind it';

-- schemadiff:no-transaction
-- locks t: SHARE UPDATE EXCLUSIVE and scans it
CREATE UNIQUE INDEX CONCURRENTLY ix_a ON t (a);
