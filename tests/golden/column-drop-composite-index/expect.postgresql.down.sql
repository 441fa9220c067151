-- warning: the data of users.age was dropped on the way up and does not come back
-- locks users: ACCESS EXCLUSIVE, for an instant
ALTER TABLE users ADD COLUMN age integer;

ALTER INDEX ix_both RENAME TO ix_both_replaced;
-- schemadiff:no-transaction
-- locks users: SHARE UPDATE EXCLUSIVE and scans it
CREATE INDEX CONCURRENTLY ix_both ON users (age, name);
-- locks users: SHARE UPDATE EXCLUSIVE, for an instant
DROP INDEX CONCURRENTLY ix_both_replaced;
