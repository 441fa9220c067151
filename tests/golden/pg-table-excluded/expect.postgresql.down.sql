-- warning: drops the data in t.c
-- locks t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t DROP COLUMN c;
