INSERT INTO t (id, a) VALUES (1, 'x'), (2, 'it''s'), (3, NULL);
INSERT INTO log VALUES ('2025-03-01', 1), ('2030-01-01', 2);
