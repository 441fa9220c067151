INSERT INTO parents (code) VALUES ('x'); INSERT INTO children (parent_id, name) VALUES (1, 'y');
