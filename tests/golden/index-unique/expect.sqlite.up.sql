DROP INDEX ix_users;

CREATE UNIQUE INDEX ix_users ON users (name);
