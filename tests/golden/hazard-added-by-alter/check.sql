SELECT * FROM u; SELECT sql FROM sqlite_schema WHERE name = 'u';
