INSERT INTO t VALUES (1, 'a', 'n', 'c'), (2, 'b', 'm', 'c');
