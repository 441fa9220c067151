-- locks t: ACCESS EXCLUSIVE and rewrites it
ALTER TABLE t ALTER COLUMN a TYPE uuid USING CAST(a AS uuid);
