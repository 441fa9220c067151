-- warning: drops the data in t.b
-- locks t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t DROP COLUMN b;
-- locks t: ACCESS EXCLUSIVE and rewrites it
ALTER TABLE t ADD COLUMN b text GENERATED ALWAYS AS (upper(a)) STORED;
