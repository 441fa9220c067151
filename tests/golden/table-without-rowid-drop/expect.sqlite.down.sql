-- schemadiff:foreign-keys off

-- statistics of ANALYZE, if there are any, outlive the copies
CREATE TEMP TABLE schemadiff_stat (tbl, idx, stat);
-- schemadiff:only-if
SELECT 1 FROM sqlite_master WHERE name = 'sqlite_stat1';
INSERT INTO temp.schemadiff_stat
SELECT tbl, idx, stat FROM sqlite_stat1 WHERE tbl COLLATE NOCASE IN ('pairs');

-- rebuild of pairs:
--   alter table pairs: without rowid: no → yes
CREATE TABLE schemadiff_new_pairs (
  a text NOT NULL,
  b integer NOT NULL,
  v text,
  PRIMARY KEY (a, b)
) WITHOUT ROWID;
INSERT OR ABORT INTO schemadiff_new_pairs (a, b, v)
SELECT a, b, v FROM pairs;
-- schemadiff:expect-none rows of pairs were lost in the copy
SELECT 1 WHERE (SELECT count(*) FROM schemadiff_new_pairs) <> (SELECT count(*) FROM pairs);
DROP TABLE pairs;
PRAGMA legacy_alter_table = ON;
ALTER TABLE schemadiff_new_pairs RENAME TO pairs;
PRAGMA legacy_alter_table = OFF;

-- schemadiff:only-if
SELECT 1 FROM sqlite_master WHERE name = 'sqlite_stat1';
INSERT INTO sqlite_stat1 (tbl, idx, stat)
SELECT tbl, idx, stat FROM temp.schemadiff_stat
WHERE idx IS NULL OR idx IN (SELECT name FROM sqlite_master);
DROP TABLE temp.schemadiff_stat;
