DROP INDEX ix_users;

CREATE INDEX ix_people ON users (name);
