DROP TRIGGER users_old;

-- warning: drops the data in users.age
ALTER TABLE users DROP COLUMN age;
