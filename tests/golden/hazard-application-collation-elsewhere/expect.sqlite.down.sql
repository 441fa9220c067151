-- schemadiff:foreign-keys off

-- statistics of ANALYZE, if there are any, outlive the copies
CREATE TEMP TABLE schemadiff_stat (tbl, idx, stat);
-- schemadiff:only-if
SELECT 1 FROM sqlite_master WHERE name = 'sqlite_stat1';
INSERT INTO temp.schemadiff_stat
SELECT tbl, idx, stat FROM sqlite_stat1 WHERE tbl COLLATE NOCASE IN ('u');

-- rebuild of u:
--   alter column u.x: default: 'new' → (none)
CREATE TABLE schemadiff_new_u (id INTEGER PRIMARY KEY, x TEXT);
INSERT OR ABORT INTO schemadiff_new_u (id, x)
SELECT id, x FROM u;
-- schemadiff:expect-none rows of u were lost in the copy
SELECT 1 WHERE (SELECT count(*) FROM schemadiff_new_u) <> (SELECT count(*) FROM u);
DROP TABLE u;
PRAGMA legacy_alter_table = ON;
ALTER TABLE schemadiff_new_u RENAME TO u;
PRAGMA legacy_alter_table = OFF;

-- schemadiff:only-if
SELECT 1 FROM sqlite_master WHERE name = 'sqlite_stat1';
INSERT INTO sqlite_stat1 (tbl, idx, stat)
SELECT tbl, idx, stat FROM temp.schemadiff_stat
WHERE idx IS NULL OR idx IN (SELECT name FROM sqlite_master);
DROP TABLE temp.schemadiff_stat;
