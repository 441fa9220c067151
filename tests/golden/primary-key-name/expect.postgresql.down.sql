-- locks users: ACCESS EXCLUSIVE, for an instant
ALTER TABLE users RENAME CONSTRAINT pk_people TO users_key;
