DROP INDEX ix_users_name;

-- warning: drops the data in users.age
ALTER TABLE users DROP COLUMN age;

CREATE INDEX ix_users_name ON users (name);
