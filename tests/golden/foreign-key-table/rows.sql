INSERT INTO users (id, name, age) VALUES (1, 'Ada', 36), (2, 'Bob', NULL), (7, 'Cy ''quoted''', 5);
INSERT INTO teams VALUES (1);
INSERT INTO posts VALUES (10, 1, 'a');
