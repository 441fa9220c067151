CREATE TABLE "a
-- schemadiff:irreversible x
b" (id INTEGER PRIMARY KEY, x TEXT, "line
DROP TABLE kid;
-- schemadiff:foreign-keys off
c" TEXT);
CREATE TABLE kid (a INTEGER REFERENCES "a
-- schemadiff:irreversible x
b" ON DELETE CASCADE);
CREATE VIEW "vline
DROP TABLE kid;
-- schemadiff:foreign-keys off
c" AS SELECT x FROM "a
-- schemadiff:irreversible x
b";
