INSERT INTO t (m) VALUES ('ok'), ('sad'), (NULL);
