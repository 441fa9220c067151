SELECT * FROM sqlite_stat1 WHERE tbl = 't';
