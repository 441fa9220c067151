SELECT * FROM t; SELECT "table", "from", "to", on_delete FROM pragma_foreign_key_list('t') ORDER BY id;
