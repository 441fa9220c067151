SELECT *, typeof(anything) FROM t;
