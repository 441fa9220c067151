-- schemadiff:no-transaction
-- locks t: SHARE UPDATE EXCLUSIVE and scans it
CREATE UNIQUE INDEX CONCURRENTLY uq_t ON t (a) INCLUDE (b);
-- schemadiff:transaction
-- locks t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t ADD CONSTRAINT uq_t UNIQUE USING INDEX uq_t DEFERRABLE INITIALLY DEFERRED;
COMMENT ON CONSTRAINT uq_t ON t IS 'x';
