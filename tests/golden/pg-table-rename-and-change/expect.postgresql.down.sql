-- locks u: ACCESS EXCLUSIVE, for an instant
ALTER TABLE u RENAME TO t;

COMMENT ON TABLE t IS NULL;

-- locks t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t RENAME CONSTRAINT pk_u TO pk_t;

-- warning: drops the data in t.b
ALTER TABLE t DROP COLUMN b;
