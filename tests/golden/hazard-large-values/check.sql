SELECT id, quote(x), r, n, length(b), typeof(x), typeof(n), typeof(b) FROM t;
