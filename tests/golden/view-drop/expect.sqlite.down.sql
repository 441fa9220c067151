CREATE VIEW names AS
SELECT name FROM users;

-- views and triggers that speak of what changed compile
SELECT 1 FROM names LIMIT 0;
