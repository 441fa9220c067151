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
--   alter column a -- schemadiff:irreversible x b.x: default: (none) → 'new'
--   alter column a -- schemadiff:irreversible x b.line DROP TABLE kid; -- schemadiff:foreign-keys off c: nullability: null → not null
CREATE TABLE "schemadiff_new_a
-- schemadiff:irreversible x
b" (id INTEGER PRIMARY KEY, x TEXT DEFAULT 'new', "line
DROP TABLE kid;
-- schemadiff:foreign-keys off
c" TEXT NOT NULL);
INSERT OR ABORT INTO "schemadiff_new_a
-- schemadiff:irreversible x
b" (id, x, "line
DROP TABLE kid;
-- schemadiff:foreign-keys off
c")
SELECT id, x, coalesce("line
DROP TABLE kid;
-- schemadiff:foreign-keys off
c", ('f
