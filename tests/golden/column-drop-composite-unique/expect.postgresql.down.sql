-- warning: the data of users.age was dropped on the way up and does not come back
-- locks users: ACCESS EXCLUSIVE, for an instant
ALTER TABLE users ADD COLUMN age integer;

-- schemadiff:no-transaction
-- locks users: SHARE UPDATE EXCLUSIVE and scans it
CREATE UNIQUE INDEX CONCURRENTLY uq_both_replaced ON users (name, age);
-- schemadiff:transaction
-- locks users: ACCESS EXCLUSIVE, for an instant
ALTER TABLE users DROP CONSTRAINT uq_both;
ALTER TABLE users ADD CONSTRAINT uq_both UNIQUE USING INDEX uq_both_replaced;
