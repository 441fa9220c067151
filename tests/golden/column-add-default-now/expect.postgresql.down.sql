-- warning: drops the data in users.created_at
-- locks users: ACCESS EXCLUSIVE, for an instant
ALTER TABLE users DROP COLUMN created_at;
