INSERT INTO t VALUES (5, 'a'), (NULL, 'b');
