-- locks t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t ADD COLUMN b text;
