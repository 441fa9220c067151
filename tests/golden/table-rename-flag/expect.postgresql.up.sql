-- locks users: ACCESS EXCLUSIVE, for an instant
ALTER TABLE users RENAME TO people;

-- locks people: ACCESS EXCLUSIVE, for an instant
ALTER TABLE people RENAME CONSTRAINT pk_users TO pk_people;
