DROP VIEW adults;

DROP VIEW gone;

DROP VIEW people;

CREATE VIEW adults AS
SELECT id FROM users WHERE age >= 21;

CREATE VIEW fresh AS
SELECT id, user_id FROM orders;

CREATE VIEW people AS
SELECT id, full_name, CASE WHEN age < 18 THEN 'minor' WHEN age < 67 THEN 'adult' ELSE 'pensioner' END AS "group", (SELECT count(*) FROM orders WHERE orders.user_id = users.id) AS orders FROM users WHERE age >= 21 ORDER BY full_name;

CREATE TRIGGER users_touch AFTER UPDATE OF age ON users
FOR EACH ROW
BEGIN
  UPDATE users SET full_name = trim(full_name) WHERE id = new.id;
END;

-- views and triggers that speak of what changed compile
SELECT 1 FROM adults LIMIT 0;
SELECT 1 FROM fresh LIMIT 0;
SELECT 1 FROM people LIMIT 0;
UPDATE users SET age = age WHERE 0;
