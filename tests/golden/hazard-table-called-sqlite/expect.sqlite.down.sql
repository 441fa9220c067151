-- schemadiff:foreign-keys off

-- statistics of ANALYZE, if there are any, outlive the copies
CREATE TEMP TABLE schemadiff_stat (tbl, idx, stat);
-- schemadiff:only-if
SELECT 1 FROM sqlite_master WHERE name = 'sqlite_stat1';
INSERT INTO temp.schemadiff_stat
SELECT tbl, idx, stat FROM sqlite_stat1 WHERE tbl COLLATE NOCASE IN ('sqliteish');

-- rebuild of sqliteish:
--   alter column sqliteish.x: default: 'new' → (none)
CREATE TABLE schemadiff_new_sqliteish (id INTEGER PRIMARY KEY, x TEXT);
INSERT OR ABORT INTO schemadiff_new_sqliteish (id, x)
SELECT id, x FROM sqliteish;
-- schemadiff:expect-none rows of sqliteish were lost in the copy
SELECT 1 WHERE (SELECT count(*) FROM schemadiff_new_sqliteish) <> (SELECT count(*) FROM sqliteish);
DROP TABLE sqliteish;
PRAGMA legacy_alter_table = ON;
ALTER TABLE schemadiff_new_sqliteish RENAME TO sqliteish;
PRAGMA legacy_alter_table = OFF;

-- schemadiff:only-if
SELECT 1 FROM sqlite_master WHERE name = 'sqlite_stat1';
INSERT INTO sqlite_stat1 (tbl, idx, stat)
SELECT tbl, idx, stat FROM temp.schemadiff_stat
WHERE idx IS NULL OR idx IN (SELECT name FROM sqlite_master);
DROP TABLE temp.schemadiff_stat;
