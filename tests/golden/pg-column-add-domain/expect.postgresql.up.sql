-- locks t: ACCESS EXCLUSIVE and rewrites it
ALTER TABLE t ADD COLUMN b plain;

-- locks t: ACCESS EXCLUSIVE and rewrites it
ALTER TABLE t ADD COLUMN c positive;
