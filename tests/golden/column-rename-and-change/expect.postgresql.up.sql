-- locks users: ACCESS EXCLUSIVE, for an instant
ALTER TABLE users RENAME COLUMN age TO years;

ALTER TABLE users ALTER COLUMN years SET DEFAULT 0;
-- schemadiff:batch users (id) 10000
UPDATE users SET years = 0 WHERE years IS NULL AND :batch;
-- schemadiff:transaction
-- locks users: ACCESS EXCLUSIVE, for an instant
ALTER TABLE users ADD CONSTRAINT users_years_not_null CHECK (years IS NOT NULL) NOT VALID;
-- schemadiff:batch users (id) 10000
UPDATE users SET years = 0 WHERE years IS NULL AND :batch;
-- schemadiff:transaction
-- locks users: SHARE UPDATE EXCLUSIVE and scans it
ALTER TABLE users VALIDATE CONSTRAINT users_years_not_null;
-- schemadiff:transaction
-- locks users: ACCESS EXCLUSIVE, for an instant
ALTER TABLE users ALTER COLUMN years SET NOT NULL;
ALTER TABLE users DROP CONSTRAINT users_years_not_null;
