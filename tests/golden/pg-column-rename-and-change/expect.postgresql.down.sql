-- locks t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t RENAME COLUMN c TO a;

-- locks t: ACCESS EXCLUSIVE and scans it
LOCK TABLE t IN ACCESS EXCLUSIVE MODE;
-- schemadiff:expect-none a value of t.a would not survive as varchar(10): "using" in the schema file says how to convert it
SELECT a FROM t WHERE a IS DISTINCT FROM CAST(CAST(a AS varchar(10)) AS text) LIMIT 1;
-- locks t: ACCESS EXCLUSIVE and rewrites it
ALTER TABLE t ALTER COLUMN a TYPE varchar(10);
-- locks t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t ALTER COLUMN a SET DEFAULT 'x'::character varying;
-- schemadiff:batch t (id) 10000
UPDATE t SET a = 'x'::character varying WHERE a IS NULL AND :batch;
-- schemadiff:transaction
-- locks t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t ADD CONSTRAINT t_a_not_null CHECK (a IS NOT NULL) NOT VALID;
-- schemadiff:batch t (id) 10000
UPDATE t SET a = 'x'::character varying WHERE a IS NULL AND :batch;
-- schemadiff:transaction
-- locks t: SHARE UPDATE EXCLUSIVE and scans it
ALTER TABLE t VALIDATE CONSTRAINT t_a_not_null;
-- schemadiff:transaction
-- locks t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t ALTER COLUMN a SET NOT NULL;
ALTER TABLE t DROP CONSTRAINT t_a_not_null;
COMMENT ON COLUMN t.a IS NULL;
