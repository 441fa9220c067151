-- schemadiff:foreign-keys off

-- statistics of ANALYZE, if there are any, outlive the copies
CREATE TEMP TABLE schemadiff_stat (tbl, idx, stat);
-- schemadiff:only-if
SELECT 1 FROM sqlite_master WHERE name = 'sqlite_stat1';
INSERT INTO temp.schemadiff_stat
SELECT tbl, idx, stat FROM sqlite_stat1 WHERE tbl COLLATE NOCASE IN ('t');

-- rebuild of t:
--   alter check ck_t_m of t: expression: m IN ('sad', 'ok') → m IN ('sad', 'fine')
CREATE TABLE schemadiff_new_t (
  id INTEGER PRIMARY KEY,
  m text,
  CONSTRAINT ck_t_m CHECK (m IN ('sad', 'fine'))
);
INSERT OR ABORT INTO schemadiff_new_t (id, m)
SELECT id, CASE m WHEN 'ok' THEN 'fine' ELSE m END FROM t;
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
