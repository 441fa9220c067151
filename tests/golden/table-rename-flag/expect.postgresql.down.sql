-- locks people: ACCESS EXCLUSIVE, for an instant
ALTER TABLE people RENAME TO users;

-- locks users: ACCESS EXCLUSIVE, for an instant
ALTER TABLE users RENAME CONSTRAINT pk_people TO pk_users;
