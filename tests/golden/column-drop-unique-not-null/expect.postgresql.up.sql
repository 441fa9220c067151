-- locks users: ACCESS EXCLUSIVE, for an instant
ALTER TABLE users DROP CONSTRAINT uq_users_name;

-- warning: drops the data in users.name
ALTER TABLE users DROP COLUMN name;
