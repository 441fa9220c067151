SELECT name, seq FROM sqlite_sequence WHERE name NOT LIKE 'schemadiff%' ORDER BY 1;
