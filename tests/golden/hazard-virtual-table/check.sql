SELECT * FROM own WHERE own MATCH 'hello'; SELECT name FROM sqlite_schema WHERE name LIKE 'own%' OR name LIKE 'docs%' ORDER BY 1;
