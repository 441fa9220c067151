-- schemadiff:irreversible t.b was NOT NULL and stands in unique constraint uq_t_b of t: its values are gone and none can be invented
-- warning: the data of t.b was dropped on the way up and does not come back
-- warning: values are invented for t.b where there are none
-- locks t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t ADD COLUMN b integer DEFAULT 0 NOT NULL;
ALTER TABLE t ALTER COLUMN b DROP DEFAULT;

-- schemadiff:no-transaction
-- locks t: SHARE UPDATE EXCLUSIVE and scans it
CREATE UNIQUE INDEX CONCURRENTLY uq_t_b ON t (b);
-- schemadiff:transaction
-- locks t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t ADD CONSTRAINT uq_t_b UNIQUE USING INDEX uq_t_b;
