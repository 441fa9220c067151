-- schemadiff:no-transaction
-- locks t: SHARE UPDATE EXCLUSIVE, for an instant
DROP INDEX CONCURRENTLY ix_t_b;

-- locks t: SHARE UPDATE EXCLUSIVE, for an instant
DROP INDEX CONCURRENTLY ix_two;

-- schemadiff:transaction
-- locks t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t DROP CONSTRAINT ck_t_b;

ALTER TABLE t DROP CONSTRAINT ck_two;

ALTER TABLE t DROP CONSTRAINT uq_two;

-- warning: drops the data in t.b
ALTER TABLE t DROP COLUMN b;
