-- warning: the rows of users were dropped on the way up and do not come back
CREATE TABLE users (
  id INTEGER PRIMARY KEY,
  name text NOT NULL,
  age integer
);

-- warning: drops table people and its rows
DROP TABLE people;
