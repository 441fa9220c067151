CREATE SEQUENCE s;

-- warning: the data of t.n was dropped on the way up and does not come back
-- locks t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t ADD COLUMN n bigint;

ALTER SEQUENCE s OWNED BY t.n;
