-- locks t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t RENAME COLUMN a TO name;

ALTER TABLE t RENAME COLUMN t_id TO parent_id;

ALTER TABLE t RENAME CONSTRAINT uq_t_a_b TO uq_t_name_b;

ALTER TABLE t RENAME CONSTRAINT fk_t_t_id_t TO fk_t_parent_id_t;

ALTER INDEX ix_t_a RENAME TO ix_t_name;
