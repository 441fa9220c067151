-- warning: stops if a row has no value for users.email
-- locks users: ACCESS EXCLUSIVE and scans it
ALTER TABLE users ADD COLUMN email text NOT NULL;
