-- locks t: ACCESS EXCLUSIVE and rewrites it
ALTER TABLE t ALTER COLUMN a TYPE integer USING CAST(a AS integer),
	ALTER COLUMN b TYPE integer USING CAST(b AS integer),
	ALTER COLUMN c TYPE plain USING CAST(c AS plain);
