')) FROM "a
-- schemadiff:irreversible x
b";
-- schemadiff:expect-none rows of a -- schemadiff:irreversible x b were lost in the copy
SELECT 1 WHERE (SELECT count(*) FROM "schemadiff_new_a
-- schemadiff:irreversible x
b") <> (SELECT count(*) FROM "a
-- schemadiff:irreversible x
b");
DROP TABLE "a
-- schemadiff:irreversible x
b";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "schemadiff_new_a
-- schemadiff:irreversible x
b" RENAME TO "a
-- schemadiff:irreversible x
b";
PRAGMA legacy_alter_table = OFF;

-- schemadiff:only-if
SELECT 1 FROM sqlite_master WHERE name = 'sqlite_stat1';
INSERT INTO sqlite_stat1 (tbl, idx, stat)
SELECT tbl, idx, stat FROM temp.schemadiff_stat
WHERE idx IS NULL OR idx IN (SELECT name FROM sqlite_master);
DROP TABLE temp.schemadiff_stat;

-- schemadiff:expect-none foreign keys would dangle (table, row, parent)
SELECT f."table", f.rowid, f.parent, count(*) AS n FROM (VALUES ('kid')) AS t
  JOIN pragma_foreign_key_check(t.column1) AS f
GROUP BY 1, 2, 3
HAVING n > ifnull((SELECT b.n FROM temp.schemadiff_fk AS b
  WHERE b.child = f."table" AND b.row IS f.rowid
    AND b.parent = f.parent), 0);
DROP TABLE temp.schemadiff_fk;

-- views and triggers that speak of what changed compile
SELECT 1 FROM "vline
DROP TABLE kid;
-- schemadiff:foreign-keys off
c" LIMIT 0;

-- schemadiff:down
-- schemadiff:foreign-keys off

-- foreign keys that dangle already are not this revision's
CREATE TEMP TABLE schemadiff_fk
  (child TEXT COLLATE NOCASE, row, parent TEXT COLLATE NOCASE, n);
INSERT INTO temp.schemadiff_fk
SELECT f."table", f.rowid, f.parent, count(*) FROM (VALUES ('kid')) AS t
  JOIN pragma_foreign_key_check(t.column1) AS f
GROUP BY 1, 2, 3;

-- statistics of ANALYZE, if there are any, outlive the copies
CREATE TEMP TABLE schemadiff_stat (tbl, idx, stat);
-- schemadiff:only-if
SELECT 1 FROM sqlite_master WHERE name = 'sqlite_stat1';
INSERT INTO temp.schemadiff_stat
SELECT tbl, idx, stat FROM sqlite_stat1 WHERE tbl COLLATE NOCASE IN ('a
-- schemadiff:irreversible x
b');

-- rebuild of a -- schemadiff:irreversible x b:
--   alter column a -- schemadiff:irreversible x b.x: default: 'new' → (none)
--   alter column a -- schemadiff:irreversible x b.line DROP TABLE kid; -- schemadiff:foreign-keys off c: nullability: not null → null
CREATE TABLE "schemadiff_new_a
-- schemadiff:irreversible x
b" (id INTEGER PRIMARY KEY, x TEXT, "line
DROP TABLE kid;
-- schemadiff:foreign-keys off
c" TEXT);
INSERT OR ABORT INTO "schemadiff_new_a
-- schemadiff:irreversible x
b" (id, x, "line
DROP TABLE kid;
-- schemadiff:foreign-keys off
c")
SELECT id, x, "line
DROP TABLE kid;
-- schemadiff:foreign-keys off
c" FROM "a
-- schemadiff:irreversible x
b";
-- schemadiff:expect-none rows of a -- schemadiff:irreversible x b were lost in the copy
SELECT 1 WHERE (SELECT count(*) FROM "schemadiff_new_a
-- schemadiff:irreversible x
b") <> (SELECT count(*) FROM "a
-- schemadiff:irreversible x
b");
DROP TABLE "a
-- schemadiff:irreversible x
b";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "schemadiff_new_a
-- schemadiff:irreversible x
b" RENAME TO "a
-- schemadiff:irreversible x
b";
PRAGMA legacy_alter_table = OFF;

-- schemadiff:only-if
SELECT 1 FROM sqlite_master WHERE name = 'sqlite_stat1';
INSERT INTO sqlite_stat1 (tbl, idx, stat)
SELECT tbl, idx, stat FROM temp.schemadiff_stat
WHERE idx IS NULL OR idx IN (SELECT name FROM sqlite_master);
DROP TABLE temp.schemadiff_stat;

-- schemadiff:expect-none foreign keys would dangle (table, row, parent)
SELECT f."table", f.rowid, f.parent, count(*) AS n FROM (VALUES ('kid')) AS t
  JOIN pragma_foreign_key_check(t.column1) AS f
GROUP BY 1, 2, 3
HAVING n > ifnull((SELECT b.n FROM temp.schemadiff_fk AS b
  WHERE b.child = f."table" AND b.row IS f.rowid
    AND b.parent = f.parent), 0);
DROP TABLE temp.schemadiff_fk;

-- views and triggers that speak of what changed compile
SELECT 1 FROM "vline
DROP TABLE kid;
-- schemadiff:foreign-keys off
c" LIMIT 0;
