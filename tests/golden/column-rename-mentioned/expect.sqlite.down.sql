ALTER TABLE users RENAME COLUMN full_name TO name;

DROP INDEX ix_users_full_name;

CREATE INDEX ix_users_name ON users (name);
