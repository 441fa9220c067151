INSERT INTO pairs VALUES ('x', 2, 'p'), ('x', 1, 'q'), ('a', 9, NULL);
