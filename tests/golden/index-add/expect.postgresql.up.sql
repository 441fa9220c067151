-- schemadiff:no-transaction
-- locks users: SHARE UPDATE EXCLUSIVE and scans it
CREATE INDEX CONCURRENTLY ix_users_age ON users (age);
