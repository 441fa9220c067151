CREATE TABLE people (
  id INTEGER PRIMARY KEY,
  name text NOT NULL,
  age integer
);

-- warning: drops table users and its rows
DROP TABLE users;
