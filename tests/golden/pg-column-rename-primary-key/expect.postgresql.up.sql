-- locks t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t RENAME COLUMN id TO t_id;
