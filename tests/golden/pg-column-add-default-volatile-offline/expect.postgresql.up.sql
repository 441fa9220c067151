-- locks t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t ADD COLUMN b uuid;
ALTER TABLE t ALTER COLUMN b SET DEFAULT gen_random_uuid();
-- locks t: ACCESS EXCLUSIVE and scans it
UPDATE t SET b = gen_random_uuid() WHERE b IS NULL;
-- locks t: ACCESS EXCLUSIVE and scans it
ALTER TABLE t ALTER COLUMN b SET NOT NULL;
