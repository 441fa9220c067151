-- locks t: ACCESS EXCLUSIVE and rewrites it
ALTER TABLE t ALTER COLUMN a TYPE plain USING CAST(a AS plain),
	ALTER COLUMN b TYPE positive USING CAST(b AS positive),
	ALTER COLUMN c TYPE integer USING CAST(c AS integer);
