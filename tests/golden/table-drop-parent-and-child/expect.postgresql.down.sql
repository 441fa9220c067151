-- warning: the rows of users were dropped on the way up and do not come back
CREATE TABLE users (
	id integer GENERATED ALWAYS AS IDENTITY,
	name text NOT NULL,
	age integer,
	CONSTRAINT pk_users PRIMARY KEY (id)
);

-- warning: the rows of posts were dropped on the way up and do not come back
CREATE TABLE posts (
	id integer GENERATED ALWAYS AS IDENTITY,
	user_id integer,
	title text,
	CONSTRAINT pk_posts PRIMARY KEY (id),
	CONSTRAINT fk_posts_users FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
);

-- warning: drops table other and its rows
DROP TABLE other;
