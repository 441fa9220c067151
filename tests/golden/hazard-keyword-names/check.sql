SELECT * FROM "table"; SELECT sql FROM sqlite_schema WHERE tbl_name = 'table' ORDER BY name;
