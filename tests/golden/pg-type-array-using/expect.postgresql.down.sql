-- schemadiff:irreversible t.a can't be converted from integer[] to integer by a cast: "using" in the schema file says how
-- locks t: ACCESS EXCLUSIVE and rewrites it
ALTER TABLE t ALTER COLUMN a TYPE integer USING CAST(a AS integer);
