-- locks t and p: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t DROP CONSTRAINT fk_t;
-- locks t and q: SHARE ROW EXCLUSIVE and scans it
ALTER TABLE t ADD CONSTRAINT fk_t FOREIGN KEY (p_id) REFERENCES q (id);
