INSERT INTO t VALUES (1, 'a', 1), (2, 'b', 1), (3, 'c', 2);
ANALYZE t;
