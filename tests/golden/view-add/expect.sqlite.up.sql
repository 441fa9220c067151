CREATE VIEW names AS
SELECT name FROM users;

-- what speaks of the changed tables still compiles
SELECT 1 FROM names LIMIT 0;
