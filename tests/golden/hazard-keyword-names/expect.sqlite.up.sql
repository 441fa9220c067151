-- schemadiff:foreign-keys off

-- statistics of ANALYZE, if there are any, outlive the copies
CREATE TEMP TABLE schemadiff_stat (tbl, idx, stat);
-- schemadiff:only-if
SELECT 1 FROM sqlite_master WHERE name = 'sqlite_stat1';
INSERT INTO temp.schemadiff_stat
SELECT tbl, idx, stat FROM sqlite_stat1 WHERE tbl COLLATE NOCASE IN ('table');

-- rebuild of table:
--   alter column table.x: default: (none) → 'new'
CREATE TABLE schemadiff_new_table ("select" INTEGER PRIMARY KEY, x TEXT DEFAULT 'new', "order" TEXT UNIQUE, [group] TEXT, `index` TEXT CHECK (`index` <> ''));
INSERT OR ABORT INTO schemadiff_new_table ("select", x, "order", "group", "index")
SELECT "select", x, "order", "group", "index" FROM "table";
-- schemadiff:expect-none rows of table were lost in the copy
SELECT 1 WHERE (SELECT count(*) FROM schemadiff_new_table) <> (SELECT count(*) FROM "table");
DROP TABLE "table";
PRAGMA legacy_alter_table = ON;
ALTER TABLE schemadiff_new_table RENAME TO "table";
PRAGMA legacy_alter_table = OFF;
CREATE INDEX "create" ON "table" ("group", [index] DESC);

-- schemadiff:only-if
SELECT 1 FROM sqlite_master WHERE name = 'sqlite_stat1';
INSERT INTO sqlite_stat1 (tbl, idx, stat)
SELECT tbl, idx, stat FROM temp.schemadiff_stat
WHERE idx IS NULL OR idx IN (SELECT name FROM sqlite_master);
DROP TABLE temp.schemadiff_stat;
