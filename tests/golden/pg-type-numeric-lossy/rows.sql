INSERT INTO t (id, a) VALUES (1, 1.25), (2, 1.2345);
