-- locks t: ACCESS EXCLUSIVE and rewrites it
ALTER TABLE t ALTER COLUMN a TYPE bytea USING CAST(a AS bytea);
