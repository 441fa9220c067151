INSERT INTO users (id, name, age) OVERRIDING SYSTEM VALUE VALUES (1, 'Ada', 36), (2, 'Bob', NULL), (7, 'Cy ''quoted''', 5);
UPDATE users SET role = 'admin' WHERE id = 1;
