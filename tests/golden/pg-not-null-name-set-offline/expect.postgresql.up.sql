-- warning: stops if a row has no value for t.a
-- locks t: ACCESS EXCLUSIVE and scans it
ALTER TABLE t ADD CONSTRAINT n NOT NULL a;
