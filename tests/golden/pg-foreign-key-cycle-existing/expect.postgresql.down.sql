-- locks a and b: ACCESS EXCLUSIVE, for an instant
ALTER TABLE a DROP CONSTRAINT fk_a_b_id_b;

-- schemadiff:transaction
-- locks b and a: ACCESS EXCLUSIVE, for an instant
ALTER TABLE b DROP CONSTRAINT fk_b_a_id_a;
