INSERT INTO t (id, a) VALUES (1, 1.50), (2, 2);
