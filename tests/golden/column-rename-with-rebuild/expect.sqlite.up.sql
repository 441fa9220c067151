-- schemadiff:foreign-keys off

ALTER TABLE users RENAME COLUMN name TO full_name;

-- foreign keys that dangle already are not this revision's
CREATE TEMP TABLE schemadiff_fk
  (child TEXT COLLATE NOCASE, row, parent TEXT COLLATE NOCASE, n);
INSERT INTO temp.schemadiff_fk
SELECT f."table", f.rowid, f.parent, count(*) FROM (VALUES ('posts')) AS t
  JOIN pragma_foreign_key_check(t.column1) AS f
GROUP BY 1, 2, 3;

-- statistics of ANALYZE, if there are any, outlive the copies
CREATE TEMP TABLE schemadiff_stat (tbl, idx, stat);
-- schemadiff:only-if
SELECT 1 FROM sqlite_master WHERE name = 'sqlite_stat1';
INSERT INTO temp.schemadiff_stat
SELECT tbl, idx, stat FROM sqlite_stat1 WHERE tbl COLLATE NOCASE IN ('users');

DROP TRIGGER users_touch;

-- rebuild of users:
--   alter column users.age: nullability: null → not null
--   alter index ix_users_name: name: ix_users_name → ix_users_full_name
CREATE TABLE schemadiff_new_users (
  id INTEGER PRIMARY KEY,
  full_name text NOT NULL,
  age integer NOT NULL,
  shout text GENERATED ALWAYS AS (upper(full_name)) VIRTUAL,
  CONSTRAINT uq_users_name UNIQUE (full_name),
  CONSTRAINT ck_users_age CHECK (age >= 0),
  CONSTRAINT ck_users_name CHECK (full_name <> 'name' AND length(full_name) > 0)
);
INSERT OR ABORT INTO schemadiff_new_users (id, age, full_name)
SELECT id, coalesce(age, (0)), full_name FROM users;
-- schemadiff:expect-none rows of users were lost in the copy
SELECT 1 WHERE (SELECT count(*) FROM schemadiff_new_users) <> (SELECT count(*) FROM users);
DROP TABLE users;
PRAGMA legacy_alter_table = ON;
ALTER TABLE schemadiff_new_users RENAME TO users;
PRAGMA legacy_alter_table = OFF;
CREATE INDEX ix_users_age ON users (age);
CREATE INDEX ix_users_full_name ON users (full_name);
CREATE INDEX ix_users_lower ON users (lower(full_name)) WHERE full_name > '';

CREATE TRIGGER users_touch AFTER UPDATE OF age ON users
FOR EACH ROW
BEGIN
  UPDATE users SET full_name = full_name WHERE id = NEW.id;
END;

-- schemadiff:only-if
SELECT 1 FROM sqlite_master WHERE name = 'sqlite_stat1';
INSERT INTO sqlite_stat1 (tbl, idx, stat)
SELECT tbl, idx, stat FROM temp.schemadiff_stat
WHERE idx IS NULL OR idx IN (SELECT name FROM sqlite_master);
DROP TABLE temp.schemadiff_stat;

-- schemadiff:expect-none foreign keys would dangle (table, row, parent)
SELECT f."table", f.rowid, f.parent, count(*) AS n FROM (VALUES ('posts')) AS t
  JOIN pragma_foreign_key_check(t.column1) AS f
GROUP BY 1, 2, 3
HAVING n > ifnull((SELECT b.n FROM temp.schemadiff_fk AS b
  WHERE b.child = f."table" AND b.row IS f.rowid
    AND b.parent = f.parent), 0);
DROP TABLE temp.schemadiff_fk;

-- views and triggers that speak of what changed compile
SELECT 1 FROM names LIMIT 0;
INSERT INTO posts (id) SELECT id FROM posts WHERE 0;
UPDATE users SET age = age WHERE 0;
