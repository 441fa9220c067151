INSERT INTO t (a, b, c) VALUES (1, 'x', '2020-01-01');
