-- warning: drops the data in t.b
-- warning: drops grant to public along with it
-- locks t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t DROP COLUMN b;
