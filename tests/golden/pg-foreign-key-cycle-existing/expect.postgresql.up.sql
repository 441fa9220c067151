-- locks a and b: SHARE ROW EXCLUSIVE, for an instant
ALTER TABLE a ADD CONSTRAINT fk_a_b_id_b FOREIGN KEY (b_id) REFERENCES b (id) NOT VALID;
-- schemadiff:transaction
-- locks a: SHARE UPDATE EXCLUSIVE and scans it
ALTER TABLE a VALIDATE CONSTRAINT fk_a_b_id_b;

-- schemadiff:transaction
-- locks b and a: SHARE ROW EXCLUSIVE, for an instant
ALTER TABLE b ADD CONSTRAINT fk_b_a_id_a FOREIGN KEY (a_id) REFERENCES a (id) NOT VALID;
-- schemadiff:transaction
-- locks b: SHARE UPDATE EXCLUSIVE and scans it
ALTER TABLE b VALIDATE CONSTRAINT fk_b_a_id_a;
