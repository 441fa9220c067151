SELECT * FROM t; SELECT name, type FROM pragma_table_xinfo('t');
