-- schemadiff:foreign-keys off

-- statistics of ANALYZE, if there are any, outlive the copies
CREATE TEMP TABLE schemadiff_stat (tbl, idx, stat);
-- schemadiff:only-if
SELECT 1 FROM sqlite_master WHERE name = 'sqlite_stat1';
INSERT INTO temp.schemadiff_stat
SELECT tbl, idx, stat FROM sqlite_stat1 WHERE tbl COLLATE NOCASE IN ('users');

-- warning: stops if a row has the value admin in users.role, which enum role loses
-- rebuild of users:
--   alter check ck_users_role of users: expression: role IN ('user', 'admin') → role IN ('user')
-- schemadiff:expect-none a row of users has a value that enum role loses in column role
SELECT * FROM users WHERE role IN ('admin');
CREATE TABLE schemadiff_new_users (
  id INTEGER PRIMARY KEY,
  name text NOT NULL,
  age integer,
  role text NOT NULL DEFAULT 'user',
  CONSTRAINT ck_users_role CHECK (role IN ('user'))
);
INSERT OR ABORT INTO schemadiff_new_users (id, name, age, role)
SELECT id, name, age, role FROM users;
-- schemadiff:expect-none rows of users were lost in the copy
SELECT 1 WHERE (SELECT count(*) FROM schemadiff_new_users) <> (SELECT count(*) FROM users);
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
