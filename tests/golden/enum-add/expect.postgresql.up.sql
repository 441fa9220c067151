CREATE TYPE role AS ENUM ('user', 'admin');

-- locks users: ACCESS EXCLUSIVE, for an instant
ALTER TABLE users ADD COLUMN role role DEFAULT 'user' NOT NULL;
