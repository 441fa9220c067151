SELECT rowid, * FROM users;
