INSERT INTO codes VALUES ('a', 'A'), ('b', 'B'); INSERT INTO uses VALUES (1, 'a'), (2, NULL);
