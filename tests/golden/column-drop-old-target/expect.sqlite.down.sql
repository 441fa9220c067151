-- warning: the data of users.age was dropped on the way up and does not come back
ALTER TABLE users ADD COLUMN age integer;
