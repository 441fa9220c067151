-- locks t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t ADD COLUMN b text;
-- schemadiff:batch t (id) 10000
UPDATE t SET b = upper(a) WHERE b IS NULL AND :batch;
