-- warning: drops the data in users.name
ALTER TABLE users DROP COLUMN name;
