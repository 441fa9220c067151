-- warning: drops the data in t.m
-- locks t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t DROP COLUMN m;

-- warning: drops sequence s and the number it has come to
DROP SEQUENCE s;
