-- schemadiff:no-transaction
-- locks users: SHARE UPDATE EXCLUSIVE and scans it
CREATE UNIQUE INDEX CONCURRENTLY uq_users_replaced ON users (name, age);
-- schemadiff:transaction
-- locks users: ACCESS EXCLUSIVE, for an instant
ALTER TABLE users DROP CONSTRAINT uq_users;
ALTER TABLE users ADD CONSTRAINT uq_users UNIQUE USING INDEX uq_users_replaced;
