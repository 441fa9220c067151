-- warning: drops the data in users.email
ALTER TABLE users DROP COLUMN email;
