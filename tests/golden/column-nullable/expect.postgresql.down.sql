-- warning: values are invented for users.name where there are none
-- schemadiff:batch users (id) 10000
UPDATE users SET name = '' WHERE name IS NULL AND :batch;
-- schemadiff:transaction
-- locks users: ACCESS EXCLUSIVE, for an instant
ALTER TABLE users ADD CONSTRAINT users_name_not_null CHECK (name IS NOT NULL) NOT VALID;
-- schemadiff:batch users (id) 10000
UPDATE users SET name = '' WHERE name IS NULL AND :batch;
-- schemadiff:transaction
-- locks users: SHARE UPDATE EXCLUSIVE and scans it
ALTER TABLE users VALIDATE CONSTRAINT users_name_not_null;
-- schemadiff:transaction
-- locks users: ACCESS EXCLUSIVE, for an instant
ALTER TABLE users ALTER COLUMN name SET NOT NULL;
ALTER TABLE users DROP CONSTRAINT users_name_not_null;
