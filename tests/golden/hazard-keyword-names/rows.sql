INSERT INTO "table" VALUES (1, 'a', 'b', 'c', 'd');
