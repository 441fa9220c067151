-- locks k: ACCESS EXCLUSIVE and rewrites it
-- locks t: ACCESS EXCLUSIVE and scans it
ALTER TABLE k ALTER COLUMN t_id TYPE integer;

-- schemadiff:transaction
-- locks t: ACCESS EXCLUSIVE and rewrites it
-- locks k: ACCESS EXCLUSIVE and scans it
ALTER TABLE t ALTER COLUMN id TYPE integer;
