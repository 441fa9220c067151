INSERT INTO t VALUES (1, 'a', 'w', 18, 1.5, 'v', 2.25, 'f', 'g');
