INSERT INTO t (room, during) VALUES (1, '[1,3)'), (1, '[3,4)');
