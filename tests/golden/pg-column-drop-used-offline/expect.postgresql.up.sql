-- locks t: ACCESS EXCLUSIVE, for an instant
DROP INDEX ix_t_b;

DROP INDEX ix_two;

ALTER TABLE t DROP CONSTRAINT ck_t_b;

ALTER TABLE t DROP CONSTRAINT ck_two;

ALTER TABLE t DROP CONSTRAINT uq_two;

-- warning: drops the data in t.b
ALTER TABLE t DROP COLUMN b;
