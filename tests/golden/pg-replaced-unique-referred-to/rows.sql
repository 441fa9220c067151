INSERT INTO t (a) VALUES (1), (2);
INSERT INTO u (t_a) VALUES (1), (2), (2);
