-- schemadiff:foreign-keys off

-- statistics of ANALYZE, if there are any, outlive the copies
CREATE TEMP TABLE schemadiff_stat (tbl, idx, stat);
-- schemadiff:only-if
SELECT 1 FROM sqlite_master WHERE name = 'sqlite_stat1';
INSERT INTO temp.schemadiff_stat
SELECT tbl, idx, stat FROM sqlite_stat1 WHERE tbl COLLATE NOCASE IN ('users');

-- warning: the data of users.cents was dropped on the way up and does not come back
-- rebuild of users:
--   alter column users.age: type: real → integer
--   add column users.cents
CREATE TABLE schemadiff_new_users (
  id INTEGER PRIMARY KEY,
  name text NOT NULL,
  age integer,
  cents integer
);
INSERT OR ABORT INTO schemadiff_new_users (id, name, age)
SELECT id, name, age FROM users;
-- schemadiff:expect-none rows of users were lost in the copy
SELECT 1 WHERE (SELECT count(*) FROM schemadiff_new_users) <> (SELECT count(*) FROM users);
-- schemadiff:expect-none users.age holds values that integer would change
SELECT o.age FROM schemadiff_new_users AS n JOIN users AS o ON n.rowid = o.rowid
WHERE o.age IS NOT NULL AND +n.age IS NOT +o.age COLLATE BINARY
  AND (CAST(n.age AS TEXT) IS NOT CAST(o.age AS TEXT) COLLATE BINARY
    OR typeof(o.age) = 'real' AND CAST(n.age AS REAL) IS NOT +o.age);
DROP TABLE users;
PRAGMA legacy_alter_table = ON;
ALTER TABLE schemadiff_new_users RENAME TO users;
PRAGMA legacy_alter_table = OFF;

-- schemadiff:only-if
SELECT 1 FROM sqlite_master WHERE name = 'sqlite_stat1';
INSERT INTO sqlite_stat1 (tbl, idx, stat)
SELECT tbl, idx, stat FROM temp.schemadiff_stat
WHERE idx IS NULL OR idx IN (SELECT name FROM sqlite_master);
DROP TABLE temp.schemadiff_stat;
