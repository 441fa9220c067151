-- locks t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t DROP CONSTRAINT fk_t_b_t;

-- warning: drops the data in t.b
ALTER TABLE t DROP COLUMN b;
