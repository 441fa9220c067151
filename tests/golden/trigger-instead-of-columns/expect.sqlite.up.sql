CREATE TRIGGER names_delete INSTEAD OF DELETE ON names
FOR EACH ROW
BEGIN
  DELETE FROM users WHERE name = OLD.who;
END;

CREATE TRIGGER names_update INSTEAD OF UPDATE OF who ON names
FOR EACH ROW WHEN (NEW.who <> '')
BEGIN
  UPDATE users SET name = NEW.who WHERE name = OLD.who;
END;

-- views and triggers that speak of what changed compile
DELETE FROM names WHERE 0;
UPDATE names SET who = who WHERE 0;
