INSERT INTO t (m) VALUES ('ok');
