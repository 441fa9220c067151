ALTER INDEX ix_users RENAME TO ix_users_replaced;
-- schemadiff:no-transaction
-- locks users: SHARE UPDATE EXCLUSIVE and scans it
CREATE UNIQUE INDEX CONCURRENTLY ix_users ON users (name);
-- locks users: SHARE UPDATE EXCLUSIVE, for an instant
DROP INDEX CONCURRENTLY ix_users_replaced;
