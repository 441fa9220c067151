INSERT INTO "a
-- schemadiff:irreversible x
b" VALUES (1, 'a', 'b'); INSERT INTO kid VALUES (1);
