-- locks t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t RENAME COLUMN a TO b;

ALTER TABLE t RENAME CONSTRAINT t_a_not_null TO t_b_not_null;
