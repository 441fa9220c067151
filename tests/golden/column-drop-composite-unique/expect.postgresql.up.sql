-- schemadiff:no-transaction
-- locks users: SHARE UPDATE EXCLUSIVE and scans it
CREATE UNIQUE INDEX CONCURRENTLY uq_both_replaced ON users (name);
-- schemadiff:transaction
-- locks users: ACCESS EXCLUSIVE, for an instant
ALTER TABLE users DROP CONSTRAINT uq_both;
ALTER TABLE users ADD CONSTRAINT uq_both UNIQUE USING INDEX uq_both_replaced;

-- warning: drops the data in users.age
ALTER TABLE users DROP COLUMN age;
