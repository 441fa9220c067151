-- schemadiff:foreign-keys off

-- foreign keys that dangle already are not this revision's
CREATE TEMP TABLE schemadiff_fk
  (child TEXT COLLATE NOCASE, row, parent TEXT COLLATE NOCASE, n);

-- statistics of ANALYZE, if there are any, outlive the copies
CREATE TEMP TABLE schemadiff_stat (tbl, idx, stat);
-- schemadiff:only-if
SELECT 1 FROM sqlite_master WHERE name = 'sqlite_stat1';
INSERT INTO temp.schemadiff_stat
SELECT tbl, idx, stat FROM sqlite_stat1 WHERE tbl COLLATE NOCASE IN ('posts');

-- warning: the rows of users were dropped on the way up and do not come back
CREATE TABLE users (
  id INTEGER PRIMARY KEY,
  name text NOT NULL,
  age integer
);

-- warning: stops if a row of posts refers to one of users, whose rows are gone
-- rebuild of posts:
--   add foreign key fk_posts_users of posts
CREATE TABLE schemadiff_new_posts (
  id INTEGER PRIMARY KEY,
  user_id integer,
  title text,
  CONSTRAINT fk_posts_users FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
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
SELECT f."table", f.rowid, f.parent, count(*) AS n FROM (VALUES ('posts')) AS t
  JOIN pragma_foreign_key_check(t.column1) AS f
GROUP BY 1, 2, 3
HAVING n > ifnull((SELECT b.n FROM temp.schemadiff_fk AS b
  WHERE b.child = f."table" AND b.row IS f.rowid
    AND b.parent = f.parent), 0);
DROP TABLE temp.schemadiff_fk;
