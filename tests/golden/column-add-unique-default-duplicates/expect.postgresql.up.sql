-- locks users: ACCESS EXCLUSIVE, for an instant
ALTER TABLE users ADD COLUMN email text DEFAULT 'x' NOT NULL;

-- locks users: ACCESS EXCLUSIVE and scans it
ALTER TABLE users ADD CONSTRAINT uq_users_email UNIQUE (email);
