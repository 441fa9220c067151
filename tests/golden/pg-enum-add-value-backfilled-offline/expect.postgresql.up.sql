ALTER TYPE mood ADD VALUE 'glad' AFTER 'ok';

-- schemadiff:transaction
-- locks t: ACCESS EXCLUSIVE, for an instant
LOCK TABLE t IN ACCESS EXCLUSIVE MODE;
-- locks t: ACCESS EXCLUSIVE and scans it
UPDATE t SET m = 'glad' WHERE m IS NULL;
-- locks t: ACCESS EXCLUSIVE and scans it
ALTER TABLE t ALTER COLUMN m SET NOT NULL;
