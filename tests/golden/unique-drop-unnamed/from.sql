CREATE TABLE users (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  age INTEGER CHECK (age >= 0),
  UNIQUE (name, age),
  CHECK (length(name) < 99)
);
