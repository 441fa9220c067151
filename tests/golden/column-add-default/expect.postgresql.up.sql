-- locks users: ACCESS EXCLUSIVE, for an instant
ALTER TABLE users ADD COLUMN role text DEFAULT 'reader' NOT NULL;
