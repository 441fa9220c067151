-- add email
--
-- revision: 3f9a1c27be40
-- revises: 1975ea83b712, 0bad
-- created: 2026-11-21T10:12:13Z
-- dialect: sqlite, postgresql
-- requires: sqlite 3.35, postgresql 14
-- schema: v1:9d1f0c2b7e5a
-- x-ticket: 1

-- schemadiff:up
-- schemadiff:foreign-keys off
-- schemadiff:allow drops-column
CREATE TABLE "t" (a text DEFAULT 'x;y', -- c
  b);
CREATE TRIGGER r AFTER INSERT ON t BEGIN SELECT CASE WHEN 1 THEN 2 END; END;
-- schemadiff:expect-none a is NULL
SELECT * FROM t WHERE a IS NULL;
-- schemadiff:only-if
SELECT 1;
DROP TABLE t;

-- schemadiff:down
-- schemadiff:irreversible no way
