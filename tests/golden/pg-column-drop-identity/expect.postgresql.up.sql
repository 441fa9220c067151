-- warning: drops the data in t.n
-- locks t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t DROP COLUMN n;
