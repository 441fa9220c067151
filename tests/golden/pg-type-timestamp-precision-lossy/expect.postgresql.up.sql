-- locks t: ACCESS EXCLUSIVE and scans it
LOCK TABLE t IN ACCESS EXCLUSIVE MODE;
-- schemadiff:expect-none a value of t.a would not survive as timestamp(3): "using" in the schema file says how to convert it
SELECT a FROM t WHERE a IS DISTINCT FROM CAST(CAST(a AS timestamp(3)) AS timestamp) LIMIT 1;
-- locks t: ACCESS EXCLUSIVE and rewrites it
ALTER TABLE t ALTER COLUMN a TYPE timestamp(3);
