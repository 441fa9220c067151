INSERT INTO t VALUES ('seven', 'a'), (NULL, 'b'), (3, 'c');
