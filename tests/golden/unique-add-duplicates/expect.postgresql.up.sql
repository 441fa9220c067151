-- locks users: ACCESS EXCLUSIVE and scans it
ALTER TABLE users ADD CONSTRAINT uq_users_name UNIQUE (name);
