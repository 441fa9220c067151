-- locks t: ACCESS EXCLUSIVE and scans it
LOCK TABLE t IN ACCESS EXCLUSIVE MODE;
-- schemadiff:expect-none a value of t.a would not survive as numeric(10,2): "using" in the schema file says how to convert it
SELECT a FROM t WHERE a IS DISTINCT FROM CAST(CAST(a AS numeric(10,2)) AS numeric(12,4)) LIMIT 1;
-- locks t: ACCESS EXCLUSIVE and rewrites it
ALTER TABLE t ALTER COLUMN a TYPE numeric(10,2);
