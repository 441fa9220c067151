INSERT INTO sqliteish VALUES (1, 'a');
