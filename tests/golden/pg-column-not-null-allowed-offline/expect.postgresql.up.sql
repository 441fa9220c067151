-- warning: stops if a row has no value for t.a
-- locks t: ACCESS EXCLUSIVE and scans it
ALTER TABLE t ALTER COLUMN a SET NOT NULL;
