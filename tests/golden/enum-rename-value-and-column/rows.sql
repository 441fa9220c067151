INSERT INTO t (m, other) VALUES ('ok', 'sad'), ('sad', NULL), (NULL, 'it''s');
