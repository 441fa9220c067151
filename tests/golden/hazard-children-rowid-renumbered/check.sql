SELECT rowid, * FROM kid;
