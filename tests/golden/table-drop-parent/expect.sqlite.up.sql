-- schemadiff:foreign-keys off

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
-- statistics of ANALYZE go with the table
-- schemadiff:only-if
SELECT 1 FROM sqlite_master WHERE name = 'sqlite_stat1';
UPDATE sqlite_stat1 SET tbl = 'schemadiff_new_posts' WHERE tbl = 'posts' COLLATE NOCASE;
DROP TABLE posts;
PRAGMA legacy_alter_table = ON;
ALTER TABLE schemadiff_new_posts RENAME TO posts;
PRAGMA legacy_alter_table = OFF;
-- schemadiff:only-if
SELECT 1 FROM sqlite_master WHERE name = 'sqlite_stat1';
UPDATE sqlite_stat1 SET tbl = 'posts' WHERE tbl = 'schemadiff_new_posts' COLLATE NOCASE;

-- warning: drops table users and its rows
DROP TABLE users;
