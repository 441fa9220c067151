INSERT INTO t (id) VALUES (1), (2);
INSERT INTO u (t_id) VALUES (1), (NULL), (2);
