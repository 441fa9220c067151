-- locks posts: ACCESS EXCLUSIVE, for an instant
ALTER TABLE posts ALTER CONSTRAINT fk_posts_users NOT DEFERRABLE;
