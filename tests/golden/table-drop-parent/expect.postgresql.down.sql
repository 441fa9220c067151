-- warning: the rows of users were dropped on the way up and do not come back
CREATE TABLE users (
	id integer GENERATED ALWAYS AS IDENTITY,
	name text NOT NULL,
	age integer,
	CONSTRAINT pk_users PRIMARY KEY (id)
);

-- warning: stops if a row of posts refers to one of users, whose rows are gone
-- locks posts: SHARE ROW EXCLUSIVE and scans it
ALTER TABLE posts ADD CONSTRAINT fk_posts_users FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE;
