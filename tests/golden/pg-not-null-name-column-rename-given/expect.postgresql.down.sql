-- locks t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t RENAME COLUMN b TO a;

ALTER TABLE t RENAME CONSTRAINT t_b_not_null TO t_a_not_null;
