-- schemadiff:foreign-keys off

-- rebuild of users:
--   alter column users.age: type: real → integer
CREATE TABLE schemadiff_new_users (
  id INTEGER PRIMARY KEY,
  name text NOT NULL,
  age integer
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
-- statistics of ANALYZE go with the table
-- schemadiff:only-if
SELECT 1 FROM sqlite_master WHERE name = 'sqlite_stat1';
UPDATE sqlite_stat1 SET tbl = 'schemadiff_new_users' WHERE tbl = 'users' COLLATE NOCASE;
DROP TABLE users;
PRAGMA legacy_alter_table = ON;
ALTER TABLE schemadiff_new_users RENAME TO users;
PRAGMA legacy_alter_table = OFF;
-- schemadiff:only-if
SELECT 1 FROM sqlite_master WHERE name = 'sqlite_stat1';
UPDATE sqlite_stat1 SET tbl = 'users' WHERE tbl = 'schemadiff_new_users' COLLATE NOCASE;
