INSERT INTO t (id, x, price, amount) VALUES (1, 'a', 1.5, 2), (2, 'b', NULL, 3);
