INSERT INTO t VALUES (1, 'apple'), (2, 'pear');
