DROP INDEX ix_people;

CREATE INDEX ix_users ON users (name);
