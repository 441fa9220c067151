INSERT INTO t (id, a) VALUES (1, 1.00), (2, 2);
