-- locks users: ACCESS EXCLUSIVE, for an instant
ALTER TABLE users RENAME CONSTRAINT only_name TO one_name;
