-- locks k and t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE k DROP CONSTRAINT fk_k_t_a_t;

-- locks t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t DROP CONSTRAINT pk_t;
-- locks t: ACCESS EXCLUSIVE and scans it
ALTER TABLE t ADD CONSTRAINT pk_t PRIMARY KEY (b);

-- locks t: ACCESS EXCLUSIVE and scans it
ALTER TABLE t ADD CONSTRAINT uq_t_a UNIQUE (a);

-- locks k and t: SHARE ROW EXCLUSIVE and scans it
ALTER TABLE k ADD CONSTRAINT fk_k_t_a_t FOREIGN KEY (t_a) REFERENCES t (a);
