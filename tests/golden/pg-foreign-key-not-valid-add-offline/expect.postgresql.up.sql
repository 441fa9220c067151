-- locks t and p: SHARE ROW EXCLUSIVE, for an instant
ALTER TABLE t ADD CONSTRAINT fk_t FOREIGN KEY (a, b) REFERENCES p (a, b) NOT VALID;
