-- schemadiff:foreign-keys off

-- rebuild of users:
--   alter check adult of users: name: ck_users_age → adult
CREATE TABLE schemadiff_new_users (
  id INTEGER PRIMARY KEY,
  name text NOT NULL,
  age integer,
  CONSTRAINT adult CHECK (age >= 0)
);
INSERT OR ABORT INTO schemadiff_new_users (id, name, age)
SELECT id, name, age FROM users;
-- schemadiff:expect-none rows of users were lost in the copy
SELECT 1 WHERE (SELECT count(*) FROM schemadiff_new_users) <> (SELECT count(*) FROM users);
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
