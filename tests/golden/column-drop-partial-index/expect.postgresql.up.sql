ALTER INDEX ix_users_name RENAME TO ix_users_name_replaced;
-- schemadiff:no-transaction
-- locks users: SHARE UPDATE EXCLUSIVE and scans it
CREATE INDEX CONCURRENTLY ix_users_name ON users (name);
-- locks users: SHARE UPDATE EXCLUSIVE, for an instant
DROP INDEX CONCURRENTLY ix_users_name_replaced;

-- warning: drops the data in users.age
-- schemadiff:transaction
-- locks users: ACCESS EXCLUSIVE, for an instant
ALTER TABLE users DROP COLUMN age;
