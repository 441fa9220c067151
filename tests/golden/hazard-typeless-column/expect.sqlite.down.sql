-- schemadiff:foreign-keys off

-- rebuild of t:
--   alter column t.x: default: 'new' → (none)
CREATE TABLE schemadiff_new_t (id INTEGER PRIMARY KEY, x TEXT, anything, more DEFAULT 7);
INSERT OR ABORT INTO schemadiff_new_t (id, x, anything, more)
SELECT id, x, anything, more FROM t;
-- schemadiff:expect-none rows of t were lost in the copy
SELECT 1 WHERE (SELECT count(*) FROM schemadiff_new_t) <> (SELECT count(*) FROM t);
-- statistics of ANALYZE go with the table
-- schemadiff:only-if
SELECT 1 FROM sqlite_master WHERE name = 'sqlite_stat1';
UPDATE sqlite_stat1 SET tbl = 'schemadiff_new_t' WHERE tbl = 't' COLLATE NOCASE;
DROP TABLE t;
PRAGMA legacy_alter_table = ON;
ALTER TABLE schemadiff_new_t RENAME TO t;
PRAGMA legacy_alter_table = OFF;
-- schemadiff:only-if
SELECT 1 FROM sqlite_master WHERE name = 'sqlite_stat1';
UPDATE sqlite_stat1 SET tbl = 't' WHERE tbl = 'schemadiff_new_t' COLLATE NOCASE;
