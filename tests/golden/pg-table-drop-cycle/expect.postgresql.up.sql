ALTER TABLE b DROP CONSTRAINT fk_b_a_id_a;

-- warning: drops table a and its rows
DROP TABLE a;

-- warning: drops table b and its rows
DROP TABLE b;
