CREATE TABLE t (id INTEGER PRIMARY KEY, x TEXT, n INTEGER);
CREATE INDEX t_expr ON t (lower(x), n + 1 DESC);
CREATE UNIQUE INDEX t_part ON t (x COLLATE NOCASE DESC) WHERE n > 0;
CREATE INDEX "t odd ""one""" ON t (/* why */ n DESC) -- at the end
;
