-- warning: drops the data in users.role
ALTER TABLE users DROP COLUMN role;
