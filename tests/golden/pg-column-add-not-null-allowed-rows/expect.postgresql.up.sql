-- warning: stops if a row has no value for t.b
-- locks t: ACCESS EXCLUSIVE and scans it
ALTER TABLE t ADD COLUMN b text NOT NULL;
