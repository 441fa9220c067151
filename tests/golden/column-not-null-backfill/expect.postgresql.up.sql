-- schemadiff:batch users (id) 10000
UPDATE users SET age = length(name) WHERE age IS NULL AND :batch;
-- schemadiff:transaction
-- locks users: ACCESS EXCLUSIVE, for an instant
ALTER TABLE users ADD CONSTRAINT users_age_not_null CHECK (age IS NOT NULL) NOT VALID;
-- schemadiff:batch users (id) 10000
UPDATE users SET age = length(name) WHERE age IS NULL AND :batch;
-- schemadiff:transaction
-- locks users: SHARE UPDATE EXCLUSIVE and scans it
ALTER TABLE users VALIDATE CONSTRAINT users_age_not_null;
-- schemadiff:transaction
-- locks users: ACCESS EXCLUSIVE, for an instant
ALTER TABLE users ALTER COLUMN age SET NOT NULL;
ALTER TABLE users DROP CONSTRAINT users_age_not_null;
