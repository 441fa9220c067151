INSERT INTO t VALUES (1, 'a'), (5, 'b'); INSERT INTO kid VALUES (1), (5), (1); DELETE FROM kid WHERE rowid = 1;
