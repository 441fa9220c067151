-- locks users: ACCESS EXCLUSIVE, for an instant
ALTER TABLE users RENAME CONSTRAINT adult TO ck_users_age;
