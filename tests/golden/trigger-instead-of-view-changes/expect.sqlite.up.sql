DROP TRIGGER names_insert;

DROP VIEW names;

CREATE VIEW names AS
SELECT name, age FROM users;

CREATE TRIGGER names_insert INSTEAD OF INSERT ON names
FOR EACH ROW
BEGIN
  INSERT INTO users (name) VALUES (NEW.name);
END;

-- views and triggers that speak of what changed compile
SELECT 1 FROM names LIMIT 0;
INSERT INTO names SELECT * FROM names WHERE 0;
