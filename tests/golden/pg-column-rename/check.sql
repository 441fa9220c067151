SELECT id, name, c FROM t ORDER BY id;
