-- locks t: ACCESS EXCLUSIVE, for an instant
DROP INDEX ix_t_b;

-- warning: drops the data in t.b
ALTER TABLE t DROP COLUMN b;
