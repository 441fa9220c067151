-- warning: drops the data in t.y
ALTER TABLE t DROP COLUMN y;
