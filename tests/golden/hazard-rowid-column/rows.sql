INSERT INTO t VALUES ('r', 'a', 7), ('s', 'b', 7);
DELETE FROM t WHERE x = 'a';
