INSERT INTO t (id, x, n) VALUES (1, 'a', 2);
