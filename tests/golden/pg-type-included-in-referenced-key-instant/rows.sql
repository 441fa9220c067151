INSERT INTO t (a, b) VALUES (1, 'x');
INSERT INTO u (t_a) VALUES (1), (NULL);
