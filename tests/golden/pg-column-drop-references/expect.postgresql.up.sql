-- locks t and u: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t DROP CONSTRAINT fk_t_u_id_u;

-- warning: drops the data in t.u_id
-- locks t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t DROP COLUMN u_id;
