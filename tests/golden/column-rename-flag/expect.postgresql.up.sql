-- locks users: ACCESS EXCLUSIVE, for an instant
ALTER TABLE users RENAME COLUMN name TO full_name;
