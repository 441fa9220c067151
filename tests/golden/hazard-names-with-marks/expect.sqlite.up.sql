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
SELECT tbl, idx, stat FROM sqlite_stat1 WHERE tbl COLLATE NOCASE IN ('semi;colon "quote'' -- comment /* star');

-- rebuild of semi;colon "quote' -- comment /* star:
--   alter column semi;colon "quote' -- comment /* star.x: default: (none) → 'new'
--   alter column semi;colon "quote' -- comment /* star.semi;colon "quote' -- comment /* star c: nullability: null → not null
CREATE TABLE "schemadiff_new_semi;colon ""quote' -- comment /* star" (id INTEGER PRIMARY KEY, x TEXT DEFAULT 'new', "semi;colon ""quote' -- comment /* star c" TEXT UNIQUE NOT NULL);
INSERT OR ABORT INTO "schemadiff_new_semi;colon ""quote' -- comment /* star" (id, x, "semi;colon ""quote' -- comment /* star c")
SELECT id, x, coalesce("semi;colon ""quote' -- comment /* star c", ('')) FROM "semi;colon ""quote' -- comment /* star";
-- schemadiff:expect-none rows of semi;colon "quote' -- comment /* star were lost in the copy
SELECT 1 WHERE (SELECT count(*) FROM "schemadiff_new_semi;colon ""quote' -- comment /* star") <> (SELECT count(*) FROM "semi;colon ""quote' -- comment /* star");
DROP TABLE "semi;colon ""quote' -- comment /* star";
PRAGMA legacy_alter_table = ON;
ALTER TABLE "schemadiff_new_semi;colon ""quote' -- comment /* star" RENAME TO "semi;colon ""quote' -- comment /* star";
PRAGMA legacy_alter_table = OFF;
CREATE INDEX "semi;colon ""quote' -- comment /* star i" ON "semi;colon ""quote' -- comment /* star" ("semi;colon ""quote' -- comment /* star c");

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
