INSERT INTO p VALUES (1, 'b'); INSERT INTO t VALUES (1, 'x', 1, 'b'), (2, 'y', NULL, NULL);
