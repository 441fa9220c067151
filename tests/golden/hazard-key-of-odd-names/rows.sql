INSERT INTO t VALUES (1, 'a', 'x'), (2, NULL, 'x'), (3, NULL, 'x');
