-- locks users: ACCESS EXCLUSIVE, for an instant
ALTER TABLE users ADD COLUMN boss_id integer DEFAULT 1 NOT NULL;

-- locks users: SHARE ROW EXCLUSIVE, for an instant
ALTER TABLE users ADD CONSTRAINT fk_users_boss_id_users FOREIGN KEY (boss_id) REFERENCES users (id) NOT VALID;
-- schemadiff:transaction
-- locks users: SHARE UPDATE EXCLUSIVE and scans it
ALTER TABLE users VALIDATE CONSTRAINT fk_users_boss_id_users;
