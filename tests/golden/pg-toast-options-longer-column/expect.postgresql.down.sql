-- locks t: SHARE UPDATE EXCLUSIVE, for an instant
ALTER TABLE t RESET (toast.autovacuum_enabled);

-- locks t: ACCESS EXCLUSIVE and scans it
LOCK TABLE t IN ACCESS EXCLUSIVE MODE;
-- schemadiff:expect-none a value of t.a would not survive as varchar(10): "using" in the schema file says how to convert it
SELECT a FROM t WHERE a IS DISTINCT FROM CAST(CAST(a AS varchar(10)) AS text) LIMIT 1;
-- locks t: ACCESS EXCLUSIVE and rewrites it
ALTER TABLE t ALTER COLUMN a TYPE varchar(10);
