SELECT *, typeof(v) FROM t;
