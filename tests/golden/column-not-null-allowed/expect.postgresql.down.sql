-- locks users: ACCESS EXCLUSIVE, for an instant
ALTER TABLE users ALTER COLUMN age DROP NOT NULL;
