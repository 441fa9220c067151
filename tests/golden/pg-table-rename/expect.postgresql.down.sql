-- locks u: ACCESS EXCLUSIVE, for an instant
ALTER TABLE u RENAME TO t;

-- locks t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t RENAME CONSTRAINT pk_u TO pk_t;

ALTER TABLE t RENAME CONSTRAINT ck_u_a TO ck_t_a;

-- schemadiff:transaction
-- locks k: ACCESS EXCLUSIVE, for an instant
ALTER TABLE k RENAME CONSTRAINT fk_k_t_id_u TO fk_k_t_id_t;

-- schemadiff:transaction
-- locks t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t RENAME CONSTRAINT fk_u_t_id_u TO fk_t_t_id_t;

ALTER INDEX ix_u_a RENAME TO ix_t_a;
