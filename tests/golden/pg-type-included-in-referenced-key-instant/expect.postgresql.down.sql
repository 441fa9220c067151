-- locks u and t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE u DROP CONSTRAINT fk;

-- schemadiff:transaction
-- locks t: ACCESS EXCLUSIVE and scans it
LOCK TABLE t IN ACCESS EXCLUSIVE MODE;
-- schemadiff:expect-none a value of t.b would not survive as varchar(10): "using" in the schema file says how to convert it
SELECT b FROM t WHERE b IS DISTINCT FROM CAST(CAST(b AS varchar(10)) AS varchar(20)) LIMIT 1;
-- locks t: ACCESS EXCLUSIVE and rewrites it
ALTER TABLE t ALTER COLUMN b TYPE varchar(10);

-- schemadiff:transaction
-- locks u and t: SHARE ROW EXCLUSIVE, for an instant
ALTER TABLE u ADD CONSTRAINT fk FOREIGN KEY (t_a) REFERENCES t (a) NOT VALID;
-- schemadiff:transaction
-- locks u: SHARE UPDATE EXCLUSIVE and scans it
ALTER TABLE u VALIDATE CONSTRAINT fk;
