-- locks t and q: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t DROP CONSTRAINT fk_t;
-- locks t and p: SHARE ROW EXCLUSIVE and scans it
ALTER TABLE t ADD CONSTRAINT fk_t FOREIGN KEY (p_id) REFERENCES p (id);
