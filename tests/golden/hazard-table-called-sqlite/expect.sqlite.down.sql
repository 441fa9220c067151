-- schemadiff:foreign-keys off

-- rebuild of sqliteish:
--   alter column sqliteish.x: default: 'new' → (none)
CREATE TABLE schemadiff_new_sqliteish (id INTEGER PRIMARY KEY, x TEXT);
INSERT OR ABORT INTO schemadiff_new_sqliteish (id, x)
SELECT id, x FROM sqliteish;
-- schemadiff:expect-none rows of sqliteish were lost in the copy
SELECT 1 WHERE (SELECT count(*) FROM schemadiff_new_sqliteish) <> (SELECT count(*) FROM sqliteish);
-- statistics of ANALYZE go with the table
-- schemadiff:only-if
SELECT 1 FROM sqlite_master WHERE name = 'sqlite_stat1';
UPDATE sqlite_stat1 SET tbl = 'schemadiff_new_sqliteish' WHERE tbl = 'sqliteish' COLLATE NOCASE;
DROP TABLE sqliteish;
PRAGMA legacy_alter_table = ON;
ALTER TABLE schemadiff_new_sqliteish RENAME TO sqliteish;
PRAGMA legacy_alter_table = OFF;
-- schemadiff:only-if
SELECT 1 FROM sqlite_master WHERE name = 'sqlite_stat1';
UPDATE sqlite_stat1 SET tbl = 'sqliteish' WHERE tbl = 'schemadiff_new_sqliteish' COLLATE NOCASE;
