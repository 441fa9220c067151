SELECT id, full_name, shout FROM users ORDER BY id;
SELECT * FROM names ORDER BY 1;
SELECT sql FROM sqlite_schema WHERE name IN ('users', 'ix_users_lower');
