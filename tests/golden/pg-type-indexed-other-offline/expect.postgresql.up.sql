-- locks t: ACCESS EXCLUSIVE, for an instant
DROP INDEX ix_low;

ALTER TABLE t DROP CONSTRAINT ck_a;

-- locks t: ACCESS EXCLUSIVE and rewrites it
ALTER TABLE t ALTER COLUMN a TYPE integer USING CAST(a AS integer);

-- locks t: ACCESS EXCLUSIVE and scans it
ALTER TABLE t ADD CONSTRAINT ck_a CHECK (a > 0);
