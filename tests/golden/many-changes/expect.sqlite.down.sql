-- schemadiff:foreign-keys off

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

DROP VIEW titles;

-- warning: drops the data in posts.tag
ALTER TABLE posts DROP COLUMN tag;

-- warning: the data of users.score was dropped on the way up and does not come back
-- rebuild of users:
--   alter column users.age: type: bigint → integer; nullability: not null → null
--   add column users.score
--   add check ck_users_age of users
--   alter index ix_users_age: unique: yes → no; where: age > 0 → (none)
CREATE TABLE schemadiff_new_users (
  id INTEGER PRIMARY KEY,
  name text NOT NULL,
  age integer,
  score real,
  CONSTRAINT uq_users_name UNIQUE (name),
  CONSTRAINT ck_users_age CHECK (age >= 0)
);
INSERT OR ABORT INTO schemadiff_new_users (id, name, age)
SELECT id, name, age FROM users;
-- schemadiff:expect-none rows of users were lost in the copy
SELECT 1 WHERE (SELECT count(*) FROM schemadiff_new_users) <> (SELECT count(*) FROM users);
DROP TABLE users;
PRAGMA legacy_alter_table = ON;
ALTER TABLE schemadiff_new_users RENAME TO users;
PRAGMA legacy_alter_table = OFF;
CREATE INDEX ix_users_age ON users (age);

-- warning: drops table tags and its rows
DROP TABLE tags;

CREATE VIEW names AS
SELECT name FROM users;

CREATE TRIGGER users_touch AFTER UPDATE OF age ON users
FOR EACH ROW
BEGIN
  UPDATE users SET name = name WHERE id = NEW.id;
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
UPDATE users SET age = age WHERE 0;
