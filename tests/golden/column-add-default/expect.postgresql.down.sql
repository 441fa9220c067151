-- warning: drops the data in users.role
-- locks users: ACCESS EXCLUSIVE, for an instant
ALTER TABLE users DROP COLUMN role;
