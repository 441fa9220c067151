-- locks t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t ADD COLUMN b integer;

ALTER TABLE t ADD CONSTRAINT ck_t_b CHECK (b > 0) NOT VALID;
-- schemadiff:transaction
-- locks t: SHARE UPDATE EXCLUSIVE and scans it
ALTER TABLE t VALIDATE CONSTRAINT ck_t_b;
