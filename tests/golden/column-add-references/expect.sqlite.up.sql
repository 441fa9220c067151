ALTER TABLE users ADD COLUMN boss_id integer CONSTRAINT fk_users_boss_id_users REFERENCES users (id) ON DELETE SET NULL;
