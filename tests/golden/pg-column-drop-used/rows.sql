INSERT INTO t (a, b, c) VALUES ('x', 1, 2);
