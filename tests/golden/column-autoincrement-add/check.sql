SELECT * FROM users ORDER BY id;
SELECT name, seq FROM sqlite_sequence WHERE name = 'users';
