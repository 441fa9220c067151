-- warning: drops the data in t.a
-- locks t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t DROP COLUMN a;
