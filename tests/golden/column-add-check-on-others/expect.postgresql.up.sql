-- locks users: ACCESS EXCLUSIVE, for an instant
ALTER TABLE users ADD COLUMN score integer DEFAULT 1;

ALTER TABLE users ADD CONSTRAINT ck_users_score CHECK (score < age OR age IS NULL) NOT VALID;
-- schemadiff:transaction
-- locks users: SHARE UPDATE EXCLUSIVE and scans it
ALTER TABLE users VALIDATE CONSTRAINT ck_users_score;
