-- locks users: ACCESS EXCLUSIVE and scans it
ALTER TABLE users ADD CONSTRAINT ck_users_age CHECK (age >= 6);
