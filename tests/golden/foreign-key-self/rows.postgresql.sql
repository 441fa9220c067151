INSERT INTO users OVERRIDING SYSTEM VALUE VALUES (1, 'a', 1, NULL), (2, 'b', 2, 1), (3, 'c', 3, 2);
