INSERT INTO users (id, name, age) OVERRIDING SYSTEM VALUE VALUES (1, 'Ada', 36), (2, 'Bob', NULL), (7, 'Cy ''quoted''', 5);
