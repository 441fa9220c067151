-- warning: drops the data in users.email
-- locks users: ACCESS EXCLUSIVE, for an instant
ALTER TABLE users DROP COLUMN email;
