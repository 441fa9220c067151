-- warning: drops table a and its rows
-- locks t: ACCESS EXCLUSIVE, for an instant
DROP TABLE a;

-- warning: stops if a row has the value c, which enum m loses
-- schemadiff:transaction
ALTER TYPE m RENAME TO m_replaced;
CREATE TYPE m AS ENUM ('a', 'b');
-- locks t: ACCESS EXCLUSIVE and rewrites it
LOCK TABLE t IN ACCESS EXCLUSIVE MODE;
-- schemadiff:expect-none a row of t has a value that enum m loses in column k
SELECT k FROM t WHERE k::text IN ('c') LIMIT 1;
ALTER TABLE t ALTER COLUMN k TYPE m USING k::text::m;

-- schemadiff:transaction
DROP TYPE m_replaced;
