ALTER TABLE users ADD COLUMN email text;
UPDATE users SET email = (lower(name) || '@example.org');
