-- warning: drops the data in users.name
-- locks users: ACCESS EXCLUSIVE, for an instant
ALTER TABLE users DROP COLUMN name;
