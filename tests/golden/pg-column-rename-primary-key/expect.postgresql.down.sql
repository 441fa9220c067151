-- locks t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t RENAME COLUMN t_id TO id;
