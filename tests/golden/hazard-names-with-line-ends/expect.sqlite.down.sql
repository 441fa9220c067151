')) IS NULL;
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
-- schemadiff:down
')) FROM "a
-- schemadiff:irreversible x
b";
-- schemadiff:expect-none rows of a -- schemadiff:irreversible x b were lost in the copy
SELECT 1 WHERE (SELECT count(*) FROM "schemadiff_new_a
-- schemadiff:irreversible x
b") <> (SELECT count(*) FROM "a
-- schemadiff:irreversible x
b");
-- statistics of ANALYZE go with the table
-- schemadiff:only-if
SELECT 1 FROM sqlite_master WHERE name = 'sqlite_stat1';
UPDATE sqlite_stat1 SET tbl = 'schemadiff_new_a
-- schemadiff:irreversible x
b' WHERE tbl = 'a
-- schemadiff:irreversible x
b' COLLATE NOCASE;
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
UPDATE sqlite_stat1 SET tbl = 'a
-- schemadiff:irreversible x
b' WHERE tbl = 'schemadiff_new_a
-- schemadiff:irreversible x
b' COLLATE NOCASE;

-- schemadiff:expect-none foreign keys would dangle (table, row, parent)
SELECT f."table", f.rowid, f.parent, count(*) AS n FROM (VALUES ('kid')) AS t
  JOIN pragma_foreign_key_check(t.column1) AS f
GROUP BY 1, 2, 3
HAVING n > ifnull((SELECT b.n FROM temp.schemadiff_fk AS b
  WHERE b.child = f."table" AND b.row IS f.rowid
    AND b.parent = f.parent), 0);
DROP TABLE temp.schemadiff_fk;

-- what speaks of the changed tables still compiles
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
-- statistics of ANALYZE go with the table
-- schemadiff:only-if
SELECT 1 FROM sqlite_master WHERE name = 'sqlite_stat1';
UPDATE sqlite_stat1 SET tbl = 'schemadiff_new_a
-- schemadiff:irreversible x
b' WHERE tbl = 'a
-- schemadiff:irreversible x
b' COLLATE NOCASE;
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
UPDATE sqlite_stat1 SET tbl = 'a
-- schemadiff:irreversible x
b' WHERE tbl = 'schemadiff_new_a
-- schemadiff:irreversible x
b' COLLATE NOCASE;

-- schemadiff:expect-none foreign keys would dangle (table, row, parent)
SELECT f."table", f.rowid, f.parent, count(*) AS n FROM (VALUES ('kid')) AS t
  JOIN pragma_foreign_key_check(t.column1) AS f
GROUP BY 1, 2, 3
HAVING n > ifnull((SELECT b.n FROM temp.schemadiff_fk AS b
  WHERE b.child = f."table" AND b.row IS f.rowid
    AND b.parent = f.parent), 0);
DROP TABLE temp.schemadiff_fk;

-- what speaks of the changed tables still compiles
SELECT 1 FROM "vline
DROP TABLE kid;
-- schemadiff:foreign-keys off
c" LIMIT 0;
