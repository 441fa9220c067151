-- warning: stops if a row has the value glad, which enum mood loses
ALTER TYPE mood RENAME TO mood_replaced;
CREATE TYPE mood AS ENUM ('sad', 'ok');
-- locks t: ACCESS EXCLUSIVE and rewrites it
LOCK TABLE t IN ACCESS EXCLUSIVE MODE;
-- schemadiff:expect-none a row of t has a value that enum mood loses in column m
SELECT m FROM t WHERE m::text IN ('glad') LIMIT 1;
-- schemadiff:expect-none a row of t has a value that enum mood loses in column ms
SELECT ms FROM t WHERE ms::text[] && ARRAY['glad'] LIMIT 1;
ALTER TABLE t ALTER COLUMN m DROP DEFAULT,
	ALTER COLUMN ms DROP DEFAULT;
ALTER TABLE t ALTER COLUMN m TYPE mood USING m::text::mood,
	ALTER COLUMN ms TYPE mood[] USING ms::text[]::mood[];
ALTER TABLE t ALTER COLUMN m SET DEFAULT 'ok',
	ALTER COLUMN ms SET DEFAULT '{sad}';

-- schemadiff:transaction
DROP TYPE mood_replaced;
