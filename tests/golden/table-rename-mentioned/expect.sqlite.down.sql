ALTER TABLE people RENAME TO users;

DROP INDEX ix_people_age;

CREATE INDEX ix_users_age ON users (age);
