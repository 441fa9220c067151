-- locks t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t DROP CONSTRAINT pk_t;

-- warning: drops the data in t.id
ALTER TABLE t DROP COLUMN id;
