-- locks posts: ACCESS EXCLUSIVE, for an instant
ALTER TABLE posts DROP CONSTRAINT fk_posts_users;

-- warning: drops table users and its rows
DROP TABLE users;
