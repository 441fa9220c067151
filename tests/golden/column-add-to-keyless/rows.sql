INSERT INTO users VALUES ('a'), ('bb'); DELETE FROM users WHERE name = 'a'; INSERT INTO users VALUES ('ccc');
