INSERT INTO users VALUES (1, 'a', 1, NULL), (2, 'b', NULL, 1);
INSERT INTO posts VALUES (10, 1, 'a'), (11, 2, 'b');
