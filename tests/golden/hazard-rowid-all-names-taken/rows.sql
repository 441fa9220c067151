INSERT INTO t VALUES ('r', 'o', 'u', 'x'), ('r', 'o', 'u', 'x'), ('q', 'o', 'u', 'x');
DELETE FROM t WHERE rowid = 'q';
