CREATE TABLE t (id INTEGER PRIMARY KEY, x TEXT, n INTEGER, CHECK (t.n > 0 AND "t".n < 9), CHECK (t.x <> 't.n'));
CREATE INDEX t_n ON t (n) WHERE n > 1;
