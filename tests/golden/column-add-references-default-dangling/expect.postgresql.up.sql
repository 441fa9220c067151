-- locks users: ACCESS EXCLUSIVE, for an instant
ALTER TABLE users ADD COLUMN boss_id integer DEFAULT 99 NOT NULL;

-- locks users: SHARE ROW EXCLUSIVE and scans it
ALTER TABLE users ADD CONSTRAINT fk_users_boss_id_users FOREIGN KEY (boss_id) REFERENCES users (id);
