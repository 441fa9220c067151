-- warning: the data of posts.user_id was dropped on the way up and does not come back
ALTER TABLE posts ADD COLUMN user_id integer CONSTRAINT fk_posts_users REFERENCES users (id) ON DELETE CASCADE;
