-- warning: the data of users.age was dropped on the way up and does not come back
ALTER TABLE users ADD COLUMN age integer;

CREATE TRIGGER users_old AFTER INSERT ON users
FOR EACH ROW WHEN (NEW.age > 99)
BEGIN
  SELECT 1;
END;

-- views and triggers that speak of what changed compile
INSERT INTO users (id) SELECT id FROM users WHERE 0;
