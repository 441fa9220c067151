SELECT _rowid_, * FROM t;
