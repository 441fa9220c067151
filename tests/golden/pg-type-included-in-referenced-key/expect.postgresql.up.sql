-- locks u and t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE u DROP CONSTRAINT fk;

-- schemadiff:transaction
-- locks t: ACCESS EXCLUSIVE and rewrites it
ALTER TABLE t ALTER COLUMN b TYPE bigint;

-- schemadiff:transaction
-- locks u and t: SHARE ROW EXCLUSIVE, for an instant
ALTER TABLE u ADD CONSTRAINT fk FOREIGN KEY (t_a) REFERENCES t (a) NOT VALID;
-- schemadiff:transaction
-- locks u: SHARE UPDATE EXCLUSIVE and scans it
ALTER TABLE u VALIDATE CONSTRAINT fk;
