DROP INDEX ix_users;

CREATE INDEX ix_users ON users (name);
