-- locks users: ACCESS EXCLUSIVE, for an instant
ALTER TABLE users ALTER COLUMN name DROP NOT NULL;
