INSERT INTO users VALUES (1, 'Ada', 'abc'), (2, 'Bob', x'00ff');
