DROP VIEW ages;

-- warning: the data of users.age was dropped on the way up and does not come back
ALTER TABLE users ADD COLUMN age integer;

CREATE VIEW ages AS
SELECT id, age FROM users;

-- views and triggers that speak of what changed compile
SELECT 1 FROM ages LIMIT 0;
