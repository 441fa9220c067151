-- warning: drops the data in users.token
ALTER TABLE users DROP COLUMN token;
