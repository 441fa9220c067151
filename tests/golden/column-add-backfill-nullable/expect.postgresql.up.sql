-- locks users: ACCESS EXCLUSIVE, for an instant
ALTER TABLE users ADD COLUMN email text;
-- schemadiff:batch users (id) 10000
UPDATE users SET email = lower(name) || '@example.org' WHERE email IS NULL AND :batch;
