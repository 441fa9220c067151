-- warning: drops the data in t.m
-- locks t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t DROP COLUMN m;

DROP TYPE mood;
