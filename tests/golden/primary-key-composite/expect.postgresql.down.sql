-- schemadiff:no-transaction
-- locks users: SHARE UPDATE EXCLUSIVE and scans it
CREATE UNIQUE INDEX CONCURRENTLY pk_users_replaced ON users (name);
-- schemadiff:transaction
-- locks users: ACCESS EXCLUSIVE, for an instant
ALTER TABLE users DROP CONSTRAINT pk_users;
ALTER TABLE users ADD CONSTRAINT pk_users PRIMARY KEY USING INDEX pk_users_replaced;
