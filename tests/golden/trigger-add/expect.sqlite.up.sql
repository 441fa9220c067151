CREATE TRIGGER users_new AFTER INSERT ON users
FOR EACH ROW
BEGIN
  INSERT INTO log VALUES ('new ' || NEW.name);
END;

CREATE TRIGGER users_older BEFORE UPDATE OF age, name ON users
FOR EACH ROW WHEN (NEW.age IS NOT OLD.age)
BEGIN
  INSERT INTO log VALUES ('it''s; END');
DELETE FROM log WHERE what = '-- x';
END;

-- views and triggers that speak of what changed compile
INSERT INTO users (id) SELECT id FROM users WHERE 0;
UPDATE users SET age = age WHERE 0;
