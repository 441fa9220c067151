-- warning: drops the data in users.age
ALTER TABLE users DROP COLUMN age;

-- what speaks of the changed tables still compiles
SELECT 1 FROM everything LIMIT 0;
