INSERT INTO t VALUES (1, 'a', '007', 1), (2, 'b', 7, '1'), (3, 'c', x'37', NULL);
