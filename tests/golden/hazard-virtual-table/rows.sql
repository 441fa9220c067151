INSERT INTO t VALUES (1, 'a'); INSERT INTO own VALUES ('hello world');
