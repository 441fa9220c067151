INSERT INTO users (id, name, age) OVERRIDING SYSTEM VALUE VALUES (1, 'Ada', 36), (2, 'Bob', NULL), (7, 'Cy ''quoted''', 5);
INSERT INTO posts (id, user_id, title) OVERRIDING SYSTEM VALUE VALUES (10, 1, 'a'), (11, 2, 'b'), (12, NULL, 'c');
