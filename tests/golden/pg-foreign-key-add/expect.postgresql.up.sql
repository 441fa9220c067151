-- locks t and p: SHARE ROW EXCLUSIVE, for an instant
ALTER TABLE t ADD CONSTRAINT fk_t FOREIGN KEY (a, b) REFERENCES p (a, b) NOT VALID;
-- schemadiff:transaction
-- locks t: SHARE UPDATE EXCLUSIVE and scans it
ALTER TABLE t VALIDATE CONSTRAINT fk_t;
