DROP VIEW names;

CREATE VIEW people AS
SELECT name FROM users;

-- views and triggers that speak of what changed compile
SELECT 1 FROM people LIMIT 0;
