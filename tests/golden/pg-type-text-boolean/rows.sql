INSERT INTO t (id, a) VALUES (1, 't'), (2, 'no');
