-- locks t: ACCESS EXCLUSIVE and rewrites it
ALTER TABLE t ALTER COLUMN a TYPE integer;

-- locks t: ACCESS EXCLUSIVE and scans it
LOCK TABLE t IN ACCESS EXCLUSIVE MODE;
-- schemadiff:expect-none a value of t.b would not survive as varchar(10): "using" in the schema file says how to convert it
SELECT b FROM t WHERE b IS DISTINCT FROM CAST(CAST(b AS varchar(10)) AS text) LIMIT 1;
-- locks t: ACCESS EXCLUSIVE and rewrites it
ALTER TABLE t ALTER COLUMN b TYPE varchar(10);

-- locks t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t ALTER COLUMN c TYPE timestamp;
