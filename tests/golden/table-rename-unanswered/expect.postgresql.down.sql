-- warning: the rows of users were dropped on the way up and do not come back
CREATE TABLE users (
	id integer GENERATED ALWAYS AS IDENTITY,
	name text NOT NULL,
	age integer,
	CONSTRAINT pk_users PRIMARY KEY (id)
);

-- warning: drops table people and its rows
DROP TABLE people;
