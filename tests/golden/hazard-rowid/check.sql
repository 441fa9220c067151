SELECT rowid, x FROM t;
