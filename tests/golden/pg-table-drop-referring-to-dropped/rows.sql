INSERT INTO a (code, old, wide) VALUES ('x', 1, 2); INSERT INTO b (code, old, wide) VALUES ('x', 1, 2);
