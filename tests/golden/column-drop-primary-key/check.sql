SELECT * FROM users ORDER BY name;
