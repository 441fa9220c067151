-- note: table old_log may have been renamed to orders
-- note: column users.nick may have been renamed to email
-- note: users: age > 0 and age BETWEEN 0 AND 150 may mean the same: no database was asked
-- schemadiff:foreign-keys off

ALTER TABLE users RENAME COLUMN name TO full_name;

-- foreign keys that dangle already are not this revision's
CREATE TEMP TABLE schemadiff_fk
  (child TEXT COLLATE NOCASE, row, parent TEXT COLLATE NOCASE, n);

-- statistics of ANALYZE, if there are any, outlive the copies
CREATE TEMP TABLE schemadiff_stat (tbl, idx, stat);
-- schemadiff:only-if
SELECT 1 FROM sqlite_master WHERE name = 'sqlite_stat1';
INSERT INTO temp.schemadiff_stat
SELECT tbl, idx, stat FROM sqlite_stat1 WHERE tbl COLLATE NOCASE IN ('users');

CREATE TABLE orders (
  id INTEGER PRIMARY KEY,
  user_id integer NOT NULL,
  total numeric(10,2) NOT NULL DEFAULT 0,
  state text NOT NULL DEFAULT 'new',
  CONSTRAINT ck_orders_total CHECK (total >= 0),
  CONSTRAINT fk_orders_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
);

-- warning: drops the data in users.nick
-- warning: stops if a row has no value for users.email
-- rebuild of users:
--   alter column users.full_name: type: text → varchar(200)
--   alter column users.age: type: integer → bigint; nullability: null → not null; default: (none) → 0
--   drop column users.nick
--   add column users.email
--   alter check ck_users_age of users: expression: age > 0 → age BETWEEN 0 AND 150
--   drop index ix_users_name
--   add index ix_users_email
-- schemadiff:expect-none rows of users have no value for email
SELECT * FROM users;
CREATE TABLE schemadiff_new_users (
  id INTEGER PRIMARY KEY,
  full_name varchar(200) NOT NULL,
  age bigint NOT NULL DEFAULT 0,
  email text NOT NULL,
  CONSTRAINT ck_users_age CHECK (age BETWEEN 0 AND 150)
);
INSERT OR ABORT INTO schemadiff_new_users (id, full_name, age)
SELECT id, full_name, coalesce(age, (0)) FROM users;
-- schemadiff:expect-none rows of users were lost in the copy
SELECT 1 WHERE (SELECT count(*) FROM schemadiff_new_users) <> (SELECT count(*) FROM users);
DROP TABLE users;
PRAGMA legacy_alter_table = ON;
ALTER TABLE schemadiff_new_users RENAME TO users;
PRAGMA legacy_alter_table = OFF;
CREATE UNIQUE INDEX ix_users_email ON users (email);

-- warning: drops table old_log and its rows
DROP TABLE old_log;

CREATE INDEX ix_orders_open ON orders (user_id) WHERE state = 'new';

-- schemadiff:only-if
SELECT 1 FROM sqlite_master WHERE name = 'sqlite_stat1';
INSERT INTO sqlite_stat1 (tbl, idx, stat)
SELECT tbl, idx, stat FROM temp.schemadiff_stat
WHERE idx IS NULL OR idx IN (SELECT name FROM sqlite_master);
DROP TABLE temp.schemadiff_stat;

-- schemadiff:expect-none foreign keys would dangle (table, row, parent)
SELECT f."table", f.rowid, f.parent, count(*) AS n FROM (VALUES ('orders')) AS t
  JOIN pragma_foreign_key_check(t.column1) AS f
GROUP BY 1, 2, 3
HAVING n > ifnull((SELECT b.n FROM temp.schemadiff_fk AS b
  WHERE b.child = f."table" AND b.row IS f.rowid
    AND b.parent = f.parent), 0);
DROP TABLE temp.schemadiff_fk;

