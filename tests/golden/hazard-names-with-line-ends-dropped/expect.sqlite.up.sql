-- warning: drops the data in a -- schemadiff:irreversible x b.line DROP TABLE kid; -- schemadiff:foreign-keys off c
ALTER TABLE "a
-- schemadiff:irreversible x
b" DROP COLUMN "line
DROP TABLE kid;
-- schemadiff:foreign-keys off
c";

-- warning: drops table line DROP TABLE kid; -- schemadiff:foreign-keys off c and its rows
DROP TABLE "line
DROP TABLE kid;
-- schemadiff:foreign-keys off
c";
