INSERT INTO t VALUES ('A', 1, 'x'), ('b', 2, NULL);
