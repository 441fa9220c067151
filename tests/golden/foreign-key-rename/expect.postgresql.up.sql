-- locks posts: ACCESS EXCLUSIVE, for an instant
ALTER TABLE posts RENAME CONSTRAINT fk_posts_users TO author;
