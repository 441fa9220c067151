-- locks t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t ALTER COLUMN b SET EXPRESSION AS (lower(a));
