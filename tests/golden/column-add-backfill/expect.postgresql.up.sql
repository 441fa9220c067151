-- locks users: ACCESS EXCLUSIVE, for an instant
ALTER TABLE users ADD COLUMN email text;
-- schemadiff:batch users (id) 10000
UPDATE users SET email = lower(name) || '@example.org' WHERE email IS NULL AND :batch;
-- schemadiff:transaction
-- locks users: ACCESS EXCLUSIVE, for an instant
ALTER TABLE users ADD CONSTRAINT users_email_not_null CHECK (email IS NOT NULL) NOT VALID;
-- schemadiff:batch users (id) 10000
UPDATE users SET email = lower(name) || '@example.org' WHERE email IS NULL AND :batch;
-- schemadiff:transaction
-- locks users: SHARE UPDATE EXCLUSIVE and scans it
ALTER TABLE users VALIDATE CONSTRAINT users_email_not_null;
-- schemadiff:transaction
-- locks users: ACCESS EXCLUSIVE, for an instant
ALTER TABLE users ALTER COLUMN email SET NOT NULL;
ALTER TABLE users DROP CONSTRAINT users_email_not_null;
