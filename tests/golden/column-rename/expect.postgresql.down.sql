-- locks users: ACCESS EXCLUSIVE, for an instant
ALTER TABLE users RENAME COLUMN full_name TO name;
