-- schemadiff:foreign-keys off

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
-- statistics of ANALYZE go with the table
-- schemadiff:only-if
SELECT 1 FROM sqlite_master WHERE name = 'sqlite_stat1';
UPDATE sqlite_stat1 SET tbl = 'schemadiff_new_pairs' WHERE tbl = 'pairs' COLLATE NOCASE;
DROP TABLE pairs;
PRAGMA legacy_alter_table = ON;
ALTER TABLE schemadiff_new_pairs RENAME TO pairs;
PRAGMA legacy_alter_table = OFF;
-- schemadiff:only-if
SELECT 1 FROM sqlite_master WHERE name = 'sqlite_stat1';
UPDATE sqlite_stat1 SET tbl = 'pairs' WHERE tbl = 'schemadiff_new_pairs' COLLATE NOCASE;
