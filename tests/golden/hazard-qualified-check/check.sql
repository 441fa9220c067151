SELECT * FROM t; SELECT sql FROM sqlite_schema WHERE tbl_name = 't' ORDER BY name;
