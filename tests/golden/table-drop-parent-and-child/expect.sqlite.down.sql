-- warning: the rows of users were dropped on the way up and do not come back
CREATE TABLE users (
  id INTEGER PRIMARY KEY,
  name text NOT NULL,
  age integer
);

-- warning: the rows of posts were dropped on the way up and do not come back
CREATE TABLE posts (
  id INTEGER PRIMARY KEY,
  user_id integer,
  title text,
  CONSTRAINT fk_posts_users FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
);

-- warning: drops table other and its rows
DROP TABLE other;
