DROP VIEW names;

ALTER TABLE users ADD COLUMN email text;

CREATE VIEW names AS
SELECT name, email FROM users;

-- views and triggers that speak of what changed compile
SELECT 1 FROM names LIMIT 0;
