-- schemadiff:foreign-keys off

-- rebuild of table:
--   alter column table.x: default: (none) → 'new'
CREATE TABLE schemadiff_new_table ("select" INTEGER PRIMARY KEY, x TEXT DEFAULT 'new', "order" TEXT UNIQUE, [group] TEXT, `index` TEXT CHECK (`index` <> ''));
INSERT OR ABORT INTO schemadiff_new_table ("select", x, "order", "group", "index")
SELECT "select", x, "order", "group", "index" FROM "table";
-- schemadiff:expect-none rows of table were lost in the copy
SELECT 1 WHERE (SELECT count(*) FROM schemadiff_new_table) <> (SELECT count(*) FROM "table");
-- statistics of ANALYZE go with the table
-- schemadiff:only-if
SELECT 1 FROM sqlite_master WHERE name = 'sqlite_stat1';
UPDATE sqlite_stat1 SET tbl = 'schemadiff_new_table' WHERE tbl = 'table' COLLATE NOCASE;
DROP TABLE "table";
PRAGMA legacy_alter_table = ON;
ALTER TABLE schemadiff_new_table RENAME TO "table";
PRAGMA legacy_alter_table = OFF;
-- schemadiff:only-if
SELECT 1 FROM sqlite_master WHERE name = 'sqlite_stat1';
UPDATE sqlite_stat1 SET tbl = 'table' WHERE tbl = 'schemadiff_new_table' COLLATE NOCASE;
CREATE INDEX "create" ON "table" ("group", [index] DESC);
