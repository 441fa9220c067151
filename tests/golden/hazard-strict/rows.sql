INSERT INTO t VALUES (1, 'a', '007', x'00'), (2, NULL, 7.0, x'');
