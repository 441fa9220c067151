SELECT id FROM t WHERE name = 'ADA' AND code = 'x';
