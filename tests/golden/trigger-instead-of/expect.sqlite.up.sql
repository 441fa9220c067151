CREATE TRIGGER names_insert INSTEAD OF INSERT ON names
FOR EACH ROW
BEGIN
  INSERT INTO users (name) VALUES (NEW.name);
END;

-- views and triggers that speak of what changed compile
INSERT INTO names SELECT * FROM names WHERE 0;
