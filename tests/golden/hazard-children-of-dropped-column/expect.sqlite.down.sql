-- warning: the data of t.x was dropped on the way up and does not come back
ALTER TABLE t ADD COLUMN x TEXT;
