SELECT id, quote(x), r = 9e999, r = -1e-320, r = 0.1, n, length(b), typeof(x), typeof(r), typeof(n), typeof(b) FROM t;
