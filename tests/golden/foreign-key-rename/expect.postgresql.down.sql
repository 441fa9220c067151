-- locks posts: ACCESS EXCLUSIVE, for an instant
ALTER TABLE posts RENAME CONSTRAINT author TO fk_posts_users;
