INSERT INTO parents (code) VALUES ('x');
