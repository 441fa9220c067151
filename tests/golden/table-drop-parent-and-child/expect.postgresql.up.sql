CREATE TABLE other (
	a text
);

-- warning: drops table posts and its rows
DROP TABLE posts;

-- warning: drops table users and its rows
DROP TABLE users;
