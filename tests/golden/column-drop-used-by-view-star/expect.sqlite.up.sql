-- warning: drops the data in users.age
ALTER TABLE users DROP COLUMN age;

-- views and triggers that speak of what changed compile
SELECT 1 FROM everything LIMIT 0;
