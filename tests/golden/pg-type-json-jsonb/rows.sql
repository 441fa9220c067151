INSERT INTO t (id, a) VALUES (1, '{"b": 1}'), (2, NULL);
