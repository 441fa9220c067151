-- warning: the data of t.u_id was dropped on the way up and does not come back
-- locks t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t ADD COLUMN u_id bigint;

-- locks t and u: SHARE ROW EXCLUSIVE and scans it
ALTER TABLE t ADD CONSTRAINT fk_t_u_id_u FOREIGN KEY (u_id) REFERENCES u (id);
