SELECT rowid, * FROM users ORDER BY id;
