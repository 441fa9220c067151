-- locks t and p: SHARE ROW EXCLUSIVE, for an instant
ALTER TABLE t ADD CONSTRAINT fk_t_a_p FOREIGN KEY (a) REFERENCES p (id) NOT VALID;
-- schemadiff:transaction
-- locks t: SHARE UPDATE EXCLUSIVE and scans it
ALTER TABLE t VALIDATE CONSTRAINT fk_t_a_p;
