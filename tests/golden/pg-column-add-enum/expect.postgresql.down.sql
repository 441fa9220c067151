-- warning: drops the data in t.b
-- locks t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t DROP COLUMN b;

-- warning: drops the data in t.bs
ALTER TABLE t DROP COLUMN bs;

DROP TYPE mood;
