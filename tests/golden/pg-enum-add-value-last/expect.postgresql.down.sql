-- warning: stops if a row has the value glad, which enum mood loses
ALTER TYPE mood RENAME TO mood_replaced;
CREATE TYPE mood AS ENUM ('sad', 'ok');
-- locks t: ACCESS EXCLUSIVE and rewrites it
LOCK TABLE t IN ACCESS EXCLUSIVE MODE;
-- schemadiff:expect-none a row of t has a value that enum mood loses in column m
SELECT m FROM t WHERE m::text IN ('glad') LIMIT 1;
ALTER TABLE t ALTER COLUMN m TYPE mood USING m::text::mood;

-- schemadiff:transaction
DROP TYPE mood_replaced;
