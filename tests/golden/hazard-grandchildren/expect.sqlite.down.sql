-- schemadiff:foreign-keys off

-- foreign keys that dangle already are not this revision's
CREATE TEMP TABLE schemadiff_fk
  (child TEXT COLLATE NOCASE, row, parent TEXT COLLATE NOCASE, n);
INSERT INTO temp.schemadiff_fk
SELECT f."table", f.rowid, f.parent, count(*) FROM (VALUES ('grandkid'), ('kid')) AS t
  JOIN pragma_foreign_key_check(t.column1) AS f
GROUP BY 1, 2, 3;

-- statistics of ANALYZE, if there are any, outlive the copies
CREATE TEMP TABLE schemadiff_stat (tbl, idx, stat);
-- schemadiff:only-if
SELECT 1 FROM sqlite_master WHERE name = 'sqlite_stat1';
INSERT INTO temp.schemadiff_stat
SELECT tbl, idx, stat FROM sqlite_stat1 WHERE tbl COLLATE NOCASE IN ('kid', 't');

-- rebuild of kid:
--   alter column kid.x: default: 'new' → (none)
CREATE TABLE schemadiff_new_kid (id INTEGER PRIMARY KEY REFERENCES t (id) ON DELETE CASCADE, x TEXT);
INSERT OR ABORT INTO schemadiff_new_kid (id, x)
SELECT id, x FROM kid;
-- schemadiff:expect-none rows of kid were lost in the copy
SELECT 1 WHERE (SELECT count(*) FROM schemadiff_new_kid) <> (SELECT count(*) FROM kid);
DROP TABLE kid;
PRAGMA legacy_alter_table = ON;
ALTER TABLE schemadiff_new_kid RENAME TO kid;
PRAGMA legacy_alter_table = OFF;

-- rebuild of t:
--   alter column t.x: default: 'new' → (none)
CREATE TABLE schemadiff_new_t (id INTEGER PRIMARY KEY, x TEXT);
INSERT OR ABORT INTO schemadiff_new_t (id, x)
SELECT id, x FROM t;
-- schemadiff:expect-none rows of t were lost in the copy
SELECT 1 WHERE (SELECT count(*) FROM schemadiff_new_t) <> (SELECT count(*) FROM t);
DROP TABLE t;
PRAGMA legacy_alter_table = ON;
ALTER TABLE schemadiff_new_t RENAME TO t;
PRAGMA legacy_alter_table = OFF;

-- schemadiff:only-if
SELECT 1 FROM sqlite_master WHERE name = 'sqlite_stat1';
INSERT INTO sqlite_stat1 (tbl, idx, stat)
SELECT tbl, idx, stat FROM temp.schemadiff_stat
WHERE idx IS NULL OR idx IN (SELECT name FROM sqlite_master);
DROP TABLE temp.schemadiff_stat;

-- schemadiff:expect-none foreign keys would dangle (table, row, parent)
SELECT f."table", f.rowid, f.parent, count(*) AS n FROM (VALUES ('grandkid'), ('kid')) AS t
  JOIN pragma_foreign_key_check(t.column1) AS f
GROUP BY 1, 2, 3
HAVING n > ifnull((SELECT b.n FROM temp.schemadiff_fk AS b
  WHERE b.child = f."table" AND b.row IS f.rowid
    AND b.parent = f.parent), 0);
DROP TABLE temp.schemadiff_fk;
