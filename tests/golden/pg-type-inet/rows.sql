INSERT INTO t (id, a) VALUES (1, '10.0.0.0/8');
