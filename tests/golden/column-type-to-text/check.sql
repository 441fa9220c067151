SELECT id, age, typeof(age) FROM users ORDER BY id;
