SELECT * FROM t; SELECT name, seq FROM sqlite_sequence WHERE name = 't';
