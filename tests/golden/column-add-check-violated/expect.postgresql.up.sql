-- locks users: ACCESS EXCLUSIVE, for an instant
ALTER TABLE users ADD COLUMN score integer DEFAULT -1 NOT NULL;

-- locks users: ACCESS EXCLUSIVE and scans it
ALTER TABLE users ADD CONSTRAINT ck_users_score CHECK (score BETWEEN 0 AND 10);
