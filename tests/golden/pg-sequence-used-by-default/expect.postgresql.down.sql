-- locks t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t ALTER COLUMN n DROP DEFAULT;

-- warning: drops sequence s and the number it has come to
DROP SEQUENCE s;
