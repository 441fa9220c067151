-- warning: the rows of posts were dropped on the way up and do not come back
CREATE TABLE posts (
  id INTEGER PRIMARY KEY,
  user_id integer,
  title text,
  CONSTRAINT fk_posts_users FOREIGN KEY (user_id) REFERENCES users (id)
);

CREATE VIEW titles AS
SELECT title FROM posts;

-- views and triggers that speak of what changed compile
SELECT 1 FROM titles LIMIT 0;
