-- locks t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t ADD COLUMN b integer;
ALTER TABLE t ALTER COLUMN b SET DEFAULT 0;
-- locks t: ACCESS EXCLUSIVE and scans it
UPDATE t SET b = length(coalesce(a, '')) WHERE b IS NULL;
-- locks t: ACCESS EXCLUSIVE and scans it
ALTER TABLE t ALTER COLUMN b SET NOT NULL;
