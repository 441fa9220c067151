ALTER TABLE users RENAME COLUMN name TO full_name;

DROP INDEX ix_users_name;

CREATE INDEX ix_users_full_name ON users (full_name);
