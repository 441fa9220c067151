-- schemadiff:foreign-keys off

ALTER TABLE users RENAME COLUMN name TO full_name;

ALTER TABLE users RENAME TO people;

-- foreign keys that dangle already are not this revision's
CREATE TEMP TABLE schemadiff_fk
  (child TEXT COLLATE NOCASE, row, parent TEXT COLLATE NOCASE, n);
INSERT INTO temp.schemadiff_fk
SELECT f."table", f.rowid, f.parent, count(*) FROM (VALUES ('people'), ('posts')) AS t
  JOIN pragma_foreign_key_check(t.column1) AS f
GROUP BY 1, 2, 3;

-- statistics of ANALYZE, if there are any, outlive the copies
CREATE TEMP TABLE schemadiff_stat (tbl, idx, stat);
-- schemadiff:only-if
SELECT 1 FROM sqlite_master WHERE name = 'sqlite_stat1';
INSERT INTO temp.schemadiff_stat
SELECT tbl, idx, stat FROM sqlite_stat1 WHERE tbl COLLATE NOCASE IN ('people', 'posts');

-- rebuild of people:
--   alter column people.age: nullability: null → not null
CREATE TABLE schemadiff_new_people (
  id INTEGER PRIMARY KEY,
  full_name text NOT NULL,
  age integer NOT NULL,
  boss integer,
  CONSTRAINT ck_name CHECK (full_name <> ''),
  CONSTRAINT fk_boss FOREIGN KEY (boss) REFERENCES people (id) ON DELETE SET NULL
);
INSERT OR ABORT INTO schemadiff_new_people (id, age, boss, full_name)
SELECT id, coalesce(age, (0)), boss, full_name FROM people;
-- schemadiff:expect-none rows of people were lost in the copy
SELECT 1 WHERE (SELECT count(*) FROM schemadiff_new_people) <> (SELECT count(*) FROM people);
DROP TABLE people;
PRAGMA legacy_alter_table = ON;
ALTER TABLE schemadiff_new_people RENAME TO people;
PRAGMA legacy_alter_table = OFF;

-- rebuild of posts:
--   alter column posts.title: default: (none) → 'none'
CREATE TABLE schemadiff_new_posts (
  id INTEGER PRIMARY KEY,
  user_id integer,
  title text DEFAULT 'none',
  CONSTRAINT fk_posts_users FOREIGN KEY (user_id) REFERENCES people (id) ON DELETE CASCADE
);
INSERT OR ABORT INTO schemadiff_new_posts (id, user_id, title)
SELECT id, user_id, title FROM posts;
-- schemadiff:expect-none rows of posts were lost in the copy
SELECT 1 WHERE (SELECT count(*) FROM schemadiff_new_posts) <> (SELECT count(*) FROM posts);
DROP TABLE posts;
PRAGMA legacy_alter_table = ON;
ALTER TABLE schemadiff_new_posts RENAME TO posts;
PRAGMA legacy_alter_table = OFF;

-- schemadiff:only-if
SELECT 1 FROM sqlite_master WHERE name = 'sqlite_stat1';
INSERT INTO sqlite_stat1 (tbl, idx, stat)
SELECT tbl, idx, stat FROM temp.schemadiff_stat
WHERE idx IS NULL OR idx IN (SELECT name FROM sqlite_master);
DROP TABLE temp.schemadiff_stat;

-- schemadiff:expect-none foreign keys would dangle (table, row, parent)
SELECT f."table", f.rowid, f.parent, count(*) AS n FROM (VALUES ('people'), ('posts')) AS t
  JOIN pragma_foreign_key_check(t.column1) AS f
GROUP BY 1, 2, 3
HAVING n > ifnull((SELECT b.n FROM temp.schemadiff_fk AS b
  WHERE b.child = f."table" AND b.row IS f.rowid
    AND b.parent = f.parent), 0);
DROP TABLE temp.schemadiff_fk;
