-- locks t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t DROP COLUMN b;

-- warning: drops the data in t.a
ALTER TABLE t DROP COLUMN a;
