DROP TRIGGER users_new;

CREATE TRIGGER users_new BEFORE UPDATE OF name ON users
FOR EACH ROW
BEGIN
  INSERT INTO log VALUES ('new ' || NEW.name);
END;

-- views and triggers that speak of what changed compile
UPDATE users SET name = name WHERE 0;
