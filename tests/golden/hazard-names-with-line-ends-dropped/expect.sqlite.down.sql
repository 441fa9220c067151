-- warning: the rows of line DROP TABLE kid; -- schemadiff:foreign-keys off c were dropped on the way up and do not come back
CREATE TABLE "line
DROP TABLE kid;
-- schemadiff:foreign-keys off
c" (a TEXT);

-- warning: the data of a -- schemadiff:irreversible x b.line DROP TABLE kid; -- schemadiff:foreign-keys off c was dropped on the way up and does not come back
ALTER TABLE "a
-- schemadiff:irreversible x
b" ADD COLUMN "line
DROP TABLE kid;
-- schemadiff:foreign-keys off
c" TEXT;
