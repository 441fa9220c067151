-- locks t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t ADD COLUMN b text;
-- locks t: ACCESS EXCLUSIVE and scans it
UPDATE t SET b = coalesce(upper(a), '?') WHERE b IS NULL;
-- locks t: ACCESS EXCLUSIVE and scans it
ALTER TABLE t ALTER COLUMN b SET NOT NULL;
