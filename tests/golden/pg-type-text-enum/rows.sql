INSERT INTO t (id, a) VALUES (1, 'ok'), (2, NULL);
