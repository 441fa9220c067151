-- locks users: ACCESS EXCLUSIVE, for an instant
ALTER TABLE users RENAME CONSTRAINT ck_users_age TO adult;
