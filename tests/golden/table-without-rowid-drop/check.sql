SELECT * FROM pairs ORDER BY a, b;
