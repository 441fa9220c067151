SELECT id, age, pg_typeof(age) FROM users ORDER BY id;
