CREATE VIEW names (who, "how old") AS
SELECT name, age FROM users;

-- what speaks of the changed tables still compiles
SELECT 1 FROM names LIMIT 0;
