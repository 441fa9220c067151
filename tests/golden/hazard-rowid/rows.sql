INSERT INTO t VALUES ('a'), ('b'), ('c'), ('d');
DELETE FROM t WHERE x IN ('a', 'c');
