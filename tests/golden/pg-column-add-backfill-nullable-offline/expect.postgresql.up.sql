-- locks t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t ADD COLUMN b text;
-- locks t: ACCESS EXCLUSIVE and scans it
UPDATE t SET b = upper(a) WHERE b IS NULL;
