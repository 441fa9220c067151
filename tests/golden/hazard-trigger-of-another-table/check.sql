SELECT * FROM t; SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = 'log' ORDER BY 1;
