-- warning: the data of t.a was dropped on the way up and does not come back
-- locks t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t ADD COLUMN a text;

-- locks t: ACCESS EXCLUSIVE and rewrites it
ALTER TABLE t ADD COLUMN b text GENERATED ALWAYS AS (upper(a)) STORED;
