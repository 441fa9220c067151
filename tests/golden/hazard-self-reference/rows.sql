INSERT INTO t VALUES (1, 'a', NULL, 2), (2, 'b', 1, NULL), (3, 'c', 2, 1);
