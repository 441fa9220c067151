-- locks users: ACCESS EXCLUSIVE, for an instant
ALTER TABLE users ADD COLUMN email text;

-- schemadiff:no-transaction
-- locks users: SHARE UPDATE EXCLUSIVE and scans it
CREATE INDEX CONCURRENTLY ix_users_email ON users (email, name);
