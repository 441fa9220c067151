-- schemadiff:foreign-keys off

-- statistics of ANALYZE, if there are any, outlive the copies
CREATE TEMP TABLE schemadiff_stat (tbl, idx, stat);
-- schemadiff:only-if
SELECT 1 FROM sqlite_master WHERE name = 'sqlite_stat1';
INSERT INTO temp.schemadiff_stat
SELECT tbl, idx, stat FROM sqlite_stat1 WHERE tbl COLLATE NOCASE IN ('posts');

-- rebuild of posts:
--   drop foreign key fk_posts_users of posts
CREATE TABLE schemadiff_new_posts (
  id INTEGER PRIMARY KEY,
  user_id integer,
  title text
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
