-- locks users: ACCESS EXCLUSIVE, for an instant
ALTER TABLE users ADD CONSTRAINT ck_users_age_replaced CHECK (age BETWEEN 0 AND 150) NOT VALID;
-- schemadiff:transaction
-- locks users: SHARE UPDATE EXCLUSIVE and scans it
ALTER TABLE users VALIDATE CONSTRAINT ck_users_age_replaced;
-- schemadiff:transaction
-- locks users: ACCESS EXCLUSIVE, for an instant
ALTER TABLE users DROP CONSTRAINT ck_users_age;
ALTER TABLE users RENAME CONSTRAINT ck_users_age_replaced TO ck_users_age;
