-- warning: drops the data in t.c
-- locks t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t DROP COLUMN c;

-- warning: drops the data in t.b
ALTER TABLE t DROP COLUMN b;

-- warning: drops the data in t.z
ALTER TABLE t DROP COLUMN z;
