-- warning: the data of users.age was dropped on the way up and does not come back
-- locks users: ACCESS EXCLUSIVE, for an instant
ALTER TABLE users ADD COLUMN age integer;

ALTER INDEX ix_users_name RENAME TO ix_users_name_replaced;
-- schemadiff:no-transaction
-- locks users: SHARE UPDATE EXCLUSIVE and scans it
CREATE INDEX CONCURRENTLY ix_users_name ON users (name) WHERE age > 17;
-- locks users: SHARE UPDATE EXCLUSIVE, for an instant
DROP INDEX CONCURRENTLY ix_users_name_replaced;
