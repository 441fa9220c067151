-- locks users: ACCESS EXCLUSIVE, for an instant
ALTER TABLE users RENAME CONSTRAINT users_key TO pk_people;
