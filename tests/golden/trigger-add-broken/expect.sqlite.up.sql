CREATE TRIGGER users_new AFTER INSERT ON users
FOR EACH ROW
BEGIN
  INSERT INTO nowhere VALUES (1);
END;

-- views and triggers that speak of what changed compile
INSERT INTO users (id) SELECT id FROM users WHERE 0;
