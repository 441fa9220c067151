CREATE TABLE people (
	id integer GENERATED ALWAYS AS IDENTITY,
	name text NOT NULL,
	age integer,
	CONSTRAINT pk_people PRIMARY KEY (id)
);

-- warning: drops table users and its rows
DROP TABLE users;
