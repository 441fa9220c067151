CREATE TABLE "a
-- schemadiff:irreversible x
b" (id INTEGER PRIMARY KEY, x TEXT, "line
DROP TABLE kid;
-- schemadiff:foreign-keys off
c" TEXT);
CREATE TABLE kid (a INTEGER);
CREATE TABLE "line
DROP TABLE kid;
-- schemadiff:foreign-keys off
c" (a TEXT);
