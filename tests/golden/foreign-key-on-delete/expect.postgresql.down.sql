-- locks posts and users: SHARE ROW EXCLUSIVE, for an instant
ALTER TABLE posts ADD CONSTRAINT fk_posts_users_replaced FOREIGN KEY (user_id) REFERENCES users (id) NOT VALID;
-- schemadiff:transaction
-- locks posts: SHARE UPDATE EXCLUSIVE and scans it
ALTER TABLE posts VALIDATE CONSTRAINT fk_posts_users_replaced;
-- schemadiff:transaction
-- locks posts and users: ACCESS EXCLUSIVE, for an instant
ALTER TABLE posts DROP CONSTRAINT fk_posts_users;
-- locks posts: ACCESS EXCLUSIVE, for an instant
ALTER TABLE posts RENAME CONSTRAINT fk_posts_users_replaced TO fk_posts_users;
