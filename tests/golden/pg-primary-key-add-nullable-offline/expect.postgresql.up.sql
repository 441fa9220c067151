-- warning: stops if a row has no value for t.a
-- locks t: ACCESS EXCLUSIVE and scans it
ALTER TABLE t ALTER COLUMN a SET NOT NULL;

-- warning: stops if a row has no value for t.b
-- locks t: ACCESS EXCLUSIVE and scans it
ALTER TABLE t ALTER COLUMN b SET NOT NULL;

-- locks t: ACCESS EXCLUSIVE and scans it
ALTER TABLE t ADD CONSTRAINT pk_t PRIMARY KEY (a, b);
