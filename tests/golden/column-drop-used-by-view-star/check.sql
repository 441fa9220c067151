SELECT * FROM everything ORDER BY id;
