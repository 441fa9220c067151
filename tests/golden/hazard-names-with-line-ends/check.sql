SELECT * FROM "a
-- schemadiff:irreversible x
b"; SELECT * FROM kid;
