-- locks posts and users: ACCESS EXCLUSIVE, for an instant
ALTER TABLE posts DROP CONSTRAINT fk_posts_users;

-- warning: drops the data in posts.user_id
-- locks posts: ACCESS EXCLUSIVE, for an instant
ALTER TABLE posts DROP COLUMN user_id;
