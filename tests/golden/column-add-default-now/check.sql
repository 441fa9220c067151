SELECT id, name, length(created_at) FROM users ORDER BY id;
