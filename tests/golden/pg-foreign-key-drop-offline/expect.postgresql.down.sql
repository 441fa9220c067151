-- locks t and p: SHARE ROW EXCLUSIVE and scans it
ALTER TABLE t ADD CONSTRAINT fk_t FOREIGN KEY (a, b) REFERENCES p (a, b);
