DROP INDEX ix_both;

-- warning: drops the data in users.age
ALTER TABLE users DROP COLUMN age;

CREATE INDEX ix_both ON users (name);
