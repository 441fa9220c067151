CREATE TABLE users (
	id integer GENERATED ALWAYS AS IDENTITY,
	email varchar(255) NOT NULL,
	role text DEFAULT 'reader' NOT NULL,
	CONSTRAINT pk_users PRIMARY KEY (id),
	CONSTRAINT uq_users_email UNIQUE (email),
	CONSTRAINT ck_users_role CHECK (role <> '')
);

CREATE TABLE posts (
	id integer GENERATED ALWAYS AS IDENTITY,
	author_id integer NOT NULL,
	CONSTRAINT pk_posts PRIMARY KEY (id),
	CONSTRAINT fk_posts_author_id_users FOREIGN KEY (author_id) REFERENCES users (id) ON DELETE CASCADE
);

CREATE INDEX ix_posts_author_id ON posts (author_id);
