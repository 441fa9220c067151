SELECT rowid, * FROM t;
