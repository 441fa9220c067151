-- warning: drops the sequence of t.a and the number it has come to
-- locks t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t ALTER COLUMN a DROP IDENTITY;
ALTER TABLE t ALTER COLUMN a DROP NOT NULL;
