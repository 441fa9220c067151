INSERT INTO t VALUES ('a'), ('b'); INSERT INTO a VALUES (1, 'a');
