-- locks t: ACCESS EXCLUSIVE and scans it
ALTER TABLE t ALTER COLUMN a TYPE text;
