-- warning: the data of posts.user_id was dropped on the way up and does not come back
-- locks posts: ACCESS EXCLUSIVE, for an instant
ALTER TABLE posts ADD COLUMN user_id integer;

-- schemadiff:transaction
-- locks posts and users: SHARE ROW EXCLUSIVE, for an instant
ALTER TABLE posts ADD CONSTRAINT fk_posts_users FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE NOT VALID;
-- schemadiff:transaction
-- locks posts: SHARE UPDATE EXCLUSIVE and scans it
ALTER TABLE posts VALIDATE CONSTRAINT fk_posts_users;
