ALTER TABLE users ADD COLUMN role text NOT NULL DEFAULT 'user' CONSTRAINT ck_users_role CHECK (role IN ('user', 'admin'));
