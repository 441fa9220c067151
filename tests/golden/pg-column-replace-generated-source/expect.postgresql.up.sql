-- locks t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t ADD COLUMN c integer;

ALTER TABLE t DROP COLUMN b;
-- locks t: ACCESS EXCLUSIVE and rewrites it
ALTER TABLE t ADD COLUMN b text GENERATED ALWAYS AS (c::text) STORED;

-- warning: drops the data in t.a
-- locks t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t DROP COLUMN a;
