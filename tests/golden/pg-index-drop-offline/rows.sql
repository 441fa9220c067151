INSERT INTO t (a, b, j, r) VALUES ('x', 1, '{"k": 1}', '[1,2)'), ('y', 2, NULL, NULL);
