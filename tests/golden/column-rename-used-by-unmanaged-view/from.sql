CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL, age INTEGER);
CREATE VIEW names AS SELECT name FROM users;
CREATE INDEX by_name ON users (name) WHERE name <> 'name';
