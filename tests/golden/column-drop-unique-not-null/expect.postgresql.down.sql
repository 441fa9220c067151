-- schemadiff:irreversible users.name was NOT NULL and stands in unique constraint uq_users_name of users: its values are gone and none can be invented
-- warning: the data of users.name was dropped on the way up and does not come back
-- warning: values are invented for users.name where there are none
-- locks users: ACCESS EXCLUSIVE, for an instant
ALTER TABLE users ADD COLUMN name text DEFAULT '' NOT NULL;
ALTER TABLE users ALTER COLUMN name DROP DEFAULT;

-- schemadiff:no-transaction
-- locks users: SHARE UPDATE EXCLUSIVE and scans it
CREATE UNIQUE INDEX CONCURRENTLY uq_users_name ON users (name);
-- schemadiff:transaction
-- locks users: ACCESS EXCLUSIVE, for an instant
ALTER TABLE users ADD CONSTRAINT uq_users_name UNIQUE USING INDEX uq_users_name;
