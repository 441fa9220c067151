-- locks t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t ADD COLUMN c integer;

-- schemadiff:no-transaction
-- locks t: SHARE UPDATE EXCLUSIVE and scans it
CREATE INDEX CONCURRENTLY ix ON t (a);
