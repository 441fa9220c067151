ALTER TABLE users RENAME TO people;

DROP INDEX ix_users_age;

CREATE INDEX ix_people_age ON people (age);
