INSERT INTO t (a, b) VALUES (1, 2), (2, 3); INSERT INTO k (t_a) VALUES (1);
