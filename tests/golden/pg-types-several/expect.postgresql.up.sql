-- locks t: ACCESS EXCLUSIVE and rewrites it
ALTER TABLE t ALTER COLUMN a TYPE bigint;

-- locks t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t ALTER COLUMN b TYPE text;

ALTER TABLE t ALTER COLUMN c TYPE timestamptz;
