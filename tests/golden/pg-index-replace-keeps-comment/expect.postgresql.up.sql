ALTER INDEX ix_t RENAME TO ix_t_replaced;
-- schemadiff:no-transaction
-- locks t: SHARE UPDATE EXCLUSIVE and scans it
CREATE INDEX CONCURRENTLY ix_t ON t (a, b);
-- locks t: SHARE UPDATE EXCLUSIVE, for an instant
DROP INDEX CONCURRENTLY ix_t_replaced;
COMMENT ON INDEX ix_t IS 'for the list';
