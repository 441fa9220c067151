INSERT INTO t VALUES (1, 'a', 0), (2, 'A', 0), (3, 'A', 1);
