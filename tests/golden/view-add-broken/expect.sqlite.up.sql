CREATE VIEW names AS
SELECT no_such FROM users;

-- views and triggers that speak of what changed compile
SELECT 1 FROM names LIMIT 0;
