CREATE TABLE users (
  id INTEGER PRIMARY KEY,
  email varchar(255) NOT NULL,
  role text NOT NULL DEFAULT 'reader',
  CONSTRAINT uq_users_email UNIQUE (email),
  CONSTRAINT ck_users_role CHECK (role <> '')
);

CREATE TABLE posts (
  id INTEGER PRIMARY KEY,
  author_id integer NOT NULL,
  CONSTRAINT fk_posts_author_id_users FOREIGN KEY (author_id) REFERENCES users (id) ON DELETE CASCADE
);

CREATE INDEX ix_posts_author_id ON posts (author_id);
