-- warning: the data of t.y was dropped on the way up and does not come back
ALTER TABLE t ADD COLUMN y TEXT;
