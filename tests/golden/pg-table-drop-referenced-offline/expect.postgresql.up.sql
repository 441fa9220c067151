-- locks a: ACCESS EXCLUSIVE, for an instant
ALTER TABLE a DROP CONSTRAINT fk_a_b_id_b;

-- warning: drops table b and its rows
DROP TABLE b;
