-- locks posts and users: ACCESS EXCLUSIVE, for an instant
ALTER TABLE posts DROP CONSTRAINT fk_posts_users;
