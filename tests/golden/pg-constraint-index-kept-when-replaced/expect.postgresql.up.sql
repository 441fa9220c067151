-- warning: stops if a row has no value for t.a
-- locks t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t ADD CONSTRAINT t_a_not_null CHECK (a IS NOT NULL) NOT VALID;
-- schemadiff:transaction
-- locks t: SHARE UPDATE EXCLUSIVE and scans it
ALTER TABLE t VALIDATE CONSTRAINT t_a_not_null;
-- schemadiff:transaction
-- locks t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t ALTER COLUMN a SET NOT NULL;
ALTER TABLE t DROP CONSTRAINT t_a_not_null;

-- schemadiff:no-transaction
-- locks t: SHARE UPDATE EXCLUSIVE and scans it
CREATE UNIQUE INDEX CONCURRENTLY pk_replaced ON t (id, a) WITH (fillfactor = 70);
-- schemadiff:transaction
-- locks t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t DROP CONSTRAINT pk;
ALTER TABLE t ADD CONSTRAINT pk PRIMARY KEY USING INDEX pk_replaced;
COMMENT ON INDEX pk IS 'old';

-- schemadiff:no-transaction
-- locks t: SHARE UPDATE EXCLUSIVE and scans it
CREATE UNIQUE INDEX CONCURRENTLY uq_replaced ON t (a, b) WITH (fillfactor = 70);
-- schemadiff:transaction
-- locks t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t DROP CONSTRAINT uq;
ALTER TABLE t ADD CONSTRAINT uq UNIQUE USING INDEX uq_replaced;
COMMENT ON INDEX uq IS 'old';

ALTER TABLE t DROP CONSTRAINT ex;
-- locks t: ACCESS EXCLUSIVE and scans it
ALTER TABLE t ADD CONSTRAINT ex EXCLUDE (b WITH =) WITH (fillfactor = 70) WHERE (b > 0);
COMMENT ON INDEX ex IS 'old';
