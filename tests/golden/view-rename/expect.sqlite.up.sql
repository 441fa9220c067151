DROP VIEW names;

CREATE VIEW people AS
SELECT name FROM users;

-- what speaks of the changed tables still compiles
SELECT 1 FROM people LIMIT 0;
