INSERT INTO "semi;colon ""quote' -- comment /* star" VALUES (1, 'a', 'b'); INSERT INTO kid VALUES ('b');
