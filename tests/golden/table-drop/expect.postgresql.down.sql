-- warning: the rows of posts were dropped on the way up and do not come back
-- locks users: SHARE ROW EXCLUSIVE, for an instant
CREATE TABLE posts (
	id integer GENERATED ALWAYS AS IDENTITY,
	user_id integer,
	title text,
	CONSTRAINT pk_posts PRIMARY KEY (id),
	CONSTRAINT fk_posts_users FOREIGN KEY (user_id) REFERENCES users (id)
);
