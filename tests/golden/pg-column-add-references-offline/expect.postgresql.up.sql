-- locks t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t ADD COLUMN b bigint;

-- locks t: SHARE ROW EXCLUSIVE and scans it
ALTER TABLE t ADD CONSTRAINT fk_t_b_t FOREIGN KEY (b) REFERENCES t (id);
