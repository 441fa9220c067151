INSERT INTO users (name, mood, old) VALUES ('Ada', 'ok', 1), (NULL, NULL, 2); INSERT INTO gone (u_id) VALUES (1);
