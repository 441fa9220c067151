-- schemadiff:irreversible t.id was NOT NULL and stands in primary key of t: its values are gone and none can be invented
-- warning: the data of t.id was dropped on the way up and does not come back
-- warning: values are invented for t.id where there are none
-- locks t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t ADD COLUMN id bigint DEFAULT 0 NOT NULL;
ALTER TABLE t ALTER COLUMN id DROP DEFAULT;

-- schemadiff:no-transaction
-- locks t: SHARE UPDATE EXCLUSIVE and scans it
CREATE UNIQUE INDEX CONCURRENTLY pk_t ON t (id);
-- schemadiff:transaction
-- locks t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t ADD CONSTRAINT pk_t PRIMARY KEY USING INDEX pk_t;
