-- warning: drops the data in users.token
-- locks users: ACCESS EXCLUSIVE, for an instant
ALTER TABLE users DROP COLUMN token;
