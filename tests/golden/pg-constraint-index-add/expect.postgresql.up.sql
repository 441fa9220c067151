-- schemadiff:no-transaction
-- locks t: SHARE UPDATE EXCLUSIVE and scans it
CREATE UNIQUE INDEX CONCURRENTLY pk ON t (id) WITH (fillfactor = 70) TABLESPACE pg_default;
-- schemadiff:transaction
-- locks t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t ADD CONSTRAINT pk PRIMARY KEY USING INDEX pk;
COMMENT ON INDEX pk IS 'of the index';

-- locks t: ACCESS EXCLUSIVE and scans it
ALTER TABLE t ADD CONSTRAINT ex EXCLUDE (b WITH =) WITH (fillfactor = 70) USING INDEX TABLESPACE pg_default WHERE (b > 0);
COMMENT ON INDEX ex IS 'of the index';

-- schemadiff:no-transaction
-- locks t: SHARE UPDATE EXCLUSIVE and scans it
CREATE UNIQUE INDEX CONCURRENTLY uq ON t (a) WITH (fillfactor = 70) TABLESPACE pg_default;
-- schemadiff:transaction
-- locks t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t ADD CONSTRAINT uq UNIQUE USING INDEX uq;
COMMENT ON INDEX uq IS 'of the index';
