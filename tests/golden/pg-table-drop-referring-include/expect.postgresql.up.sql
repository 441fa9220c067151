-- warning: drops table a and its rows
-- locks t: ACCESS EXCLUSIVE, for an instant
DROP TABLE a;

ALTER TABLE t DROP CONSTRAINT pk_t;

-- warning: drops the data in t.b
ALTER TABLE t DROP COLUMN b;
