-- schemadiff:foreign-keys off

-- statistics of ANALYZE, if there are any, outlive the copies
CREATE TEMP TABLE schemadiff_stat (tbl, idx, stat);
-- schemadiff:only-if
SELECT 1 FROM sqlite_master WHERE name = 'sqlite_stat1';
INSERT INTO temp.schemadiff_stat
SELECT tbl, idx, stat FROM sqlite_stat1 WHERE tbl COLLATE NOCASE IN ('t');

-- rebuild of t:
--   alter column t.x: default: (none) → 'new'
CREATE TABLE schemadiff_new_t (
  id INTEGER PRIMARY KEY,
  x TEXT DEFAULT 'new',
  v INTEGER AS (s + 1),
  price REAL, amount INTEGER,
  s INTEGER GENERATED ALWAYS AS (amount * 2) STORED,
  total REAL GENERATED ALWAYS AS (price * amount) VIRTUAL CHECK (total >= 0)
);
INSERT OR ABORT INTO schemadiff_new_t (id, x, price, amount)
SELECT id, x, price, amount FROM t;
-- schemadiff:expect-none rows of t were lost in the copy
SELECT 1 WHERE (SELECT count(*) FROM schemadiff_new_t) <> (SELECT count(*) FROM t);
DROP TABLE t;
PRAGMA legacy_alter_table = ON;
ALTER TABLE schemadiff_new_t RENAME TO t;
PRAGMA legacy_alter_table = OFF;
CREATE INDEX t_total ON t (total);

-- schemadiff:only-if
SELECT 1 FROM sqlite_master WHERE name = 'sqlite_stat1';
INSERT INTO sqlite_stat1 (tbl, idx, stat)
SELECT tbl, idx, stat FROM temp.schemadiff_stat
WHERE idx IS NULL OR idx IN (SELECT name FROM sqlite_master);
DROP TABLE temp.schemadiff_stat;
