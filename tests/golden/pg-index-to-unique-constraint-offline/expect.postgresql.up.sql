-- locks t: ACCESS EXCLUSIVE, for an instant
DROP INDEX x;

-- locks t: ACCESS EXCLUSIVE and scans it
ALTER TABLE t ADD CONSTRAINT x UNIQUE (b);
