-- locks u: ACCESS EXCLUSIVE, for an instant
ALTER TABLE u DROP CONSTRAINT x;

-- schemadiff:transaction
-- locks t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t ADD CONSTRAINT ck CHECK (a > 0) NOT VALID;
-- schemadiff:transaction
-- locks t: SHARE UPDATE EXCLUSIVE and scans it
ALTER TABLE t VALIDATE CONSTRAINT ck;

-- schemadiff:transaction
-- locks u: ACCESS EXCLUSIVE, for an instant
ALTER TABLE u ADD CONSTRAINT ck_u CHECK (a > 0) NOT VALID;
-- schemadiff:transaction
-- locks u: SHARE UPDATE EXCLUSIVE and scans it
ALTER TABLE u VALIDATE CONSTRAINT ck_u;

-- schemadiff:no-transaction
-- locks t: SHARE UPDATE EXCLUSIVE and scans it
CREATE INDEX CONCURRENTLY x ON t (a);

-- schemadiff:transaction
-- locks t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t DROP CONSTRAINT ck_u;

-- schemadiff:no-transaction
-- locks t: SHARE UPDATE EXCLUSIVE, for an instant
DROP INDEX CONCURRENTLY y;

-- schemadiff:transaction
-- locks u: ACCESS EXCLUSIVE, for an instant
ALTER TABLE u DROP CONSTRAINT ck;
