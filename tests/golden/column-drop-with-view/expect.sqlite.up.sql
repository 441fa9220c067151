DROP VIEW ages;

-- warning: drops the data in users.age
ALTER TABLE users DROP COLUMN age;

CREATE VIEW ages AS
SELECT id FROM users;

-- views and triggers that speak of what changed compile
SELECT 1 FROM ages LIMIT 0;
