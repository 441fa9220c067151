-- warning: drops the data in t.n
-- locks t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t DROP COLUMN n;

-- warning: drops sequence s and the number it has come to
DROP SEQUENCE IF EXISTS s;
