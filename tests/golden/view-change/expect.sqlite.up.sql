DROP VIEW names;

CREATE VIEW names AS
SELECT name, age FROM users WHERE age > 17;

-- views and triggers that speak of what changed compile
SELECT 1 FROM names LIMIT 0;
