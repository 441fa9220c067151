-- locks users: ACCESS EXCLUSIVE, for an instant
ALTER TABLE users ADD COLUMN token text DEFAULT 't' || abs(1);
