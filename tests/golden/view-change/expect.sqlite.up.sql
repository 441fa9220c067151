DROP VIEW names;

CREATE VIEW names AS
SELECT name, age FROM users WHERE age > 17;

-- what speaks of the changed tables still compiles
SELECT 1 FROM names LIMIT 0;
