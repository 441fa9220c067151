-- schemadiff:foreign-keys off

ALTER TABLE users RENAME TO people;

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
-- statistics of ANALYZE go with the table
-- schemadiff:only-if
SELECT 1 FROM sqlite_master WHERE name = 'sqlite_stat1';
UPDATE sqlite_stat1 SET tbl = 'schemadiff_new_people' WHERE tbl = 'people' COLLATE NOCASE;
DROP TABLE people;
PRAGMA legacy_alter_table = ON;
ALTER TABLE schemadiff_new_people RENAME TO people;
PRAGMA legacy_alter_table = OFF;
-- schemadiff:only-if
SELECT 1 FROM sqlite_master WHERE name = 'sqlite_stat1';
UPDATE sqlite_stat1 SET tbl = 'people' WHERE tbl = 'schemadiff_new_people' COLLATE NOCASE;
