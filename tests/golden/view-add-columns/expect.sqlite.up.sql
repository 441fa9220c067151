CREATE VIEW names (who, "how old") AS
SELECT name, age FROM users;

-- views and triggers that speak of what changed compile
SELECT 1 FROM names LIMIT 0;
