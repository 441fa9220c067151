-- locks posts and users: SHARE ROW EXCLUSIVE, for an instant
ALTER TABLE posts ADD CONSTRAINT fk_posts_users FOREIGN KEY (user_id) REFERENCES users (id) NOT VALID;
-- schemadiff:transaction
-- locks posts: SHARE UPDATE EXCLUSIVE and scans it
ALTER TABLE posts VALIDATE CONSTRAINT fk_posts_users;
