-- schemadiff:no-transaction
-- locks t: SHARE UPDATE EXCLUSIVE, for an instant
DROP INDEX CONCURRENTLY x;

-- locks u: SHARE UPDATE EXCLUSIVE and scans it
CREATE UNIQUE INDEX CONCURRENTLY x ON u (a);
-- schemadiff:transaction
-- locks u: ACCESS EXCLUSIVE, for an instant
ALTER TABLE u ADD CONSTRAINT x UNIQUE USING INDEX x;

-- schemadiff:transaction
-- locks t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t ADD CONSTRAINT ck_u CHECK (a > 1) NOT VALID;
-- schemadiff:transaction
-- locks t: SHARE UPDATE EXCLUSIVE and scans it
ALTER TABLE t VALIDATE CONSTRAINT ck_u;

-- schemadiff:transaction
-- locks u: ACCESS EXCLUSIVE, for an instant
ALTER TABLE u ADD CONSTRAINT ck CHECK (a > 1) NOT VALID;
-- schemadiff:transaction
-- locks u: SHARE UPDATE EXCLUSIVE and scans it
ALTER TABLE u VALIDATE CONSTRAINT ck;

-- schemadiff:no-transaction
-- locks t: SHARE UPDATE EXCLUSIVE and scans it
CREATE INDEX CONCURRENTLY y ON t (a, b);

-- schemadiff:transaction
-- locks t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t DROP CONSTRAINT ck;

-- schemadiff:transaction
-- locks u: ACCESS EXCLUSIVE, for an instant
ALTER TABLE u DROP CONSTRAINT ck_u;
