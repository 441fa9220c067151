SELECT id, full_name, mood, role FROM users ORDER BY id;
