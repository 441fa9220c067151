-- locks users: SHARE and scans it
CREATE UNIQUE INDEX ix_users_name ON users (name);
