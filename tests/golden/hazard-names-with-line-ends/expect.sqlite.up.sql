-- schemadiff:foreign-keys off

-- foreign keys that dangle already are not this revision's
CREATE TEMP TABLE schemadiff_fk
  (child TEXT COLLATE NOCASE, row, parent TEXT COLLATE NOCASE, n);
INSERT INTO temp.schemadiff_fk
SELECT f."table", f.rowid, f.parent, count(*) FROM (VALUES ('kid')) AS t
  JOIN pragma_foreign_key_check(t.column1) AS f
GROUP BY 1, 2, 3;

-- rebuild of a -- schemadiff:irreversible x b:
--   alter column a -- schemadiff:irreversible x b.x: default: (none) → 'new'
--   alter column a -- schemadiff:irreversible x b.line DROP TABLE kid; -- schemadiff:foreign-keys off c: nullability: null → not null
-- schemadiff:expect-none a -- schemadiff:irreversible x b.line DROP TABLE kid; -- schemadiff:foreign-keys off c holds NULL
SELECT * FROM "a
-- schemadiff:irreversible x
b" WHERE coalesce("line
DROP TABLE kid;
-- schemadiff:foreign-keys off
c", ('f
