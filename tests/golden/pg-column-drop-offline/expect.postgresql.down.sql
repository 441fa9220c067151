-- warning: the data of t.b was dropped on the way up and does not come back
-- warning: values are invented for t.b where there are none
-- locks t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t ADD COLUMN b integer DEFAULT 0 NOT NULL;
ALTER TABLE t ALTER COLUMN b DROP DEFAULT;
