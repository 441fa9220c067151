-- schemadiff:foreign-keys off

ALTER TABLE users RENAME TO people;

-- statistics of ANALYZE, if there are any, outlive the copies
CREATE TEMP TABLE schemadiff_stat (tbl, idx, stat);
-- schemadiff:only-if
SELECT 1 FROM sqlite_master WHERE name = 'sqlite_stat1';
INSERT INTO temp.schemadiff_stat
SELECT tbl, idx, stat FROM sqlite_stat1 WHERE tbl COLLATE NOCASE IN ('people');

-- rebuild of people:
--   alter column people.age: default: (none) → 0
CREATE TABLE schemadiff_new_people (
  id INTEGER PRIMARY KEY,
  name text NOT NULL,
  age integer DEFAULT 0
);
INSERT OR ABORT INTO schemadiff_new_people (id, name, age)
SELECT id, name, age FROM people;
-- schemadiff:expect-none rows of people were lost in the copy
SELECT 1 WHERE (SELECT count(*) FROM schemadiff_new_people) <> (SELECT count(*) FROM people);
DROP TABLE people;
PRAGMA legacy_alter_table = ON;
ALTER TABLE schemadiff_new_people RENAME TO people;
PRAGMA legacy_alter_table = OFF;

-- schemadiff:only-if
SELECT 1 FROM sqlite_master WHERE name = 'sqlite_stat1';
INSERT INTO sqlite_stat1 (tbl, idx, stat)
SELECT tbl, idx, stat FROM temp.schemadiff_stat
WHERE idx IS NULL OR idx IN (SELECT name FROM sqlite_master);
DROP TABLE temp.schemadiff_stat;
