-- locks t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t RENAME TO u;

-- locks u: ACCESS EXCLUSIVE, for an instant
ALTER TABLE u RENAME CONSTRAINT pk_t TO pk_u;

ALTER TABLE u RENAME CONSTRAINT ck_t_a TO ck_u_a;

-- schemadiff:transaction
-- locks k: ACCESS EXCLUSIVE, for an instant
ALTER TABLE k RENAME CONSTRAINT fk_k_t_id_t TO fk_k_t_id_u;

-- schemadiff:transaction
-- locks u: ACCESS EXCLUSIVE, for an instant
ALTER TABLE u RENAME CONSTRAINT fk_t_t_id_t TO fk_u_t_id_u;

ALTER INDEX ix_t_a RENAME TO ix_u_a;
