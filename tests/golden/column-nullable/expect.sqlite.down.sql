-- schemadiff:foreign-keys off

-- warning: values are invented for users.name where there are none
-- warning: values are invented for users where there are none
-- rebuild of users:
--   alter column users.name: nullability: null → not null
-- schemadiff:expect-none users.name holds NULL
SELECT * FROM users WHERE coalesce(name, ('')) IS NULL;
CREATE TABLE schemadiff_new_users (
  id INTEGER PRIMARY KEY,
  name text NOT NULL,
  age integer
);
INSERT OR ABORT INTO schemadiff_new_users (id, name, age)
SELECT id, coalesce(name, ('')), age FROM users;
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
