INSERT INTO t VALUES (1, 'a'), (2, 'b');
INSERT INTO kid VALUES (10, 1), (11, 1), (12, 2);
