DROP VIEW names;

-- warning: drops the data in users.email
ALTER TABLE users DROP COLUMN email;

CREATE VIEW names AS
SELECT name FROM users;

-- views and triggers that speak of what changed compile
SELECT 1 FROM names LIMIT 0;
