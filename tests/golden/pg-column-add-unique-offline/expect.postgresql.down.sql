-- locks t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t DROP CONSTRAINT uq_t_b;

-- warning: drops the data in t.b
ALTER TABLE t DROP COLUMN b;
