-- locks users: ACCESS EXCLUSIVE, for an instant
ALTER TABLE users ADD COLUMN score integer DEFAULT 1 NOT NULL;

ALTER TABLE users ADD CONSTRAINT ck_users_score CHECK (score BETWEEN 0 AND 10) NOT VALID;
-- schemadiff:transaction
-- locks users: SHARE UPDATE EXCLUSIVE and scans it
ALTER TABLE users VALIDATE CONSTRAINT ck_users_score;
