DROP VIEW ages;

-- warning: drops the data in users.age
ALTER TABLE users DROP COLUMN age;

CREATE VIEW ages AS
SELECT id FROM users;

-- what speaks of the changed tables still compiles
SELECT 1 FROM ages LIMIT 0;
