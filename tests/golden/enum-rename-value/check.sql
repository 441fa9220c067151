SELECT id, m FROM t ORDER BY m, id;
