-- warning: drops the data in t.ms
-- locks t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t DROP COLUMN ms;
