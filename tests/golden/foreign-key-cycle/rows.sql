INSERT INTO users VALUES (1, 'a', 1, 10), (2, 'b', 2, NULL);
INSERT INTO posts VALUES (10, 1, 'a'), (11, 2, 'b');
