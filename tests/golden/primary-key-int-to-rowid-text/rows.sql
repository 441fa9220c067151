INSERT INTO t VALUES (5, 'a'), ('x7', 'b');
