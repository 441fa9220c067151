-- schemadiff:no-transaction
-- locks t: SHARE UPDATE EXCLUSIVE and scans it
CREATE UNIQUE INDEX CONCURRENTLY pk_t_replaced ON t (a);
-- schemadiff:transaction
-- locks t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t DROP CONSTRAINT pk_t;
ALTER TABLE t ADD CONSTRAINT pk_t PRIMARY KEY USING INDEX pk_t_replaced DEFERRABLE INITIALLY DEFERRED;
