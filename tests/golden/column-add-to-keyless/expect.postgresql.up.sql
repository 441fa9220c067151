-- locks users: ACCESS EXCLUSIVE, for an instant
ALTER TABLE users ADD COLUMN n integer;
-- schemadiff:batch
UPDATE users SET n = length(name) WHERE ctid = ANY (ARRAY(SELECT ctid FROM users WHERE n IS NULL AND (length(name)) IS NOT NULL LIMIT 10000));
-- schemadiff:transaction
-- locks users: ACCESS EXCLUSIVE, for an instant
ALTER TABLE users ADD CONSTRAINT users_n_not_null CHECK (n IS NOT NULL) NOT VALID;
-- schemadiff:batch
UPDATE users SET n = length(name) WHERE ctid = ANY (ARRAY(SELECT ctid FROM users WHERE n IS NULL AND (length(name)) IS NOT NULL LIMIT 10000));
-- schemadiff:transaction
-- locks users: SHARE UPDATE EXCLUSIVE and scans it
ALTER TABLE users VALIDATE CONSTRAINT users_n_not_null;
-- schemadiff:transaction
-- locks users: ACCESS EXCLUSIVE, for an instant
ALTER TABLE users ALTER COLUMN n SET NOT NULL;
ALTER TABLE users DROP CONSTRAINT users_n_not_null;
