-- locks t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t ADD CONSTRAINT ck_a CHECK (a > 0) NOT VALID;
-- schemadiff:transaction
-- locks t: SHARE UPDATE EXCLUSIVE and scans it
ALTER TABLE t VALIDATE CONSTRAINT ck_a;
