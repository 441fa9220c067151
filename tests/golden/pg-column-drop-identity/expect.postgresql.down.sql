-- warning: the data of t.n was dropped on the way up and does not come back
-- locks t: ACCESS EXCLUSIVE and rewrites it
ALTER TABLE t ADD COLUMN n bigint GENERATED ALWAYS AS IDENTITY (INCREMENT BY 10 START WITH 100);
