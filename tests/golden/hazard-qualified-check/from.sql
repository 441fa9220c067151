CREATE TABLE t (id INTEGER PRIMARY KEY, x TEXT, n INTEGER, g TEXT AS (t.x || t.n), CHECK (t.n > 0 AND "t".n < 9), CHECK (t.x <> 't.n'));
CREATE INDEX t_g ON t (n) WHERE t.n > 1;
