DROP TRIGGER users_new;

CREATE TRIGGER users_new AFTER INSERT ON users
FOR EACH ROW
BEGIN
  INSERT INTO log VALUES ('new ' || NEW.name);
END;

-- views and triggers that speak of what changed compile
INSERT INTO users (id) SELECT id FROM users WHERE 0;
