INSERT INTO users VALUES (1, 'Ada', '36 years'), (2, 'Bob', NULL);
