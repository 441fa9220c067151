-- warning: stops if a row has the value glad, which enum mood loses
ALTER TYPE mood RENAME TO mood_replaced;
CREATE TYPE mood AS ENUM ('sad', 'ok');
-- locks t: ACCESS EXCLUSIVE and rewrites it
LOCK TABLE t IN ACCESS EXCLUSIVE MODE;
-- schemadiff:expect-none a row of t has a value that enum mood loses in column m
SELECT m FROM t WHERE m::text IN ('glad') LIMIT 1;
ALTER TABLE t ALTER COLUMN m TYPE mood USING m::text::mood;
-- locks u: ACCESS EXCLUSIVE and rewrites it
LOCK TABLE u IN ACCESS EXCLUSIVE MODE;
-- schemadiff:expect-none a row of u has a value that enum mood loses in column m
SELECT m FROM u WHERE m::text IN ('glad') LIMIT 1;
ALTER TABLE u ALTER COLUMN m DROP DEFAULT;
ALTER TABLE u ALTER COLUMN m TYPE mood USING m::text::mood;
ALTER TABLE u ALTER COLUMN m SET DEFAULT 'ok';

-- schemadiff:transaction
DROP TYPE mood_replaced;
