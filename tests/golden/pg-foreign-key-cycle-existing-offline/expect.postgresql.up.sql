-- locks a and b: SHARE ROW EXCLUSIVE and scans it
ALTER TABLE a ADD CONSTRAINT fk_a_b_id_b FOREIGN KEY (b_id) REFERENCES b (id);

-- locks b and a: SHARE ROW EXCLUSIVE and scans it
ALTER TABLE b ADD CONSTRAINT fk_b_a_id_a FOREIGN KEY (a_id) REFERENCES a (id);
