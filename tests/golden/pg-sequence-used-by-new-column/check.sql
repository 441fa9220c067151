SELECT n, m FROM t;
