INSERT INTO t (id, a) VALUES (1, '1.123456 seconds');
