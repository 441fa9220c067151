-- locks t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t ADD COLUMN b bigint DEFAULT 1 NOT NULL;

-- locks t: SHARE ROW EXCLUSIVE and scans it
ALTER TABLE t ADD CONSTRAINT fk_t_b_t FOREIGN KEY (b) REFERENCES t (id);
