-- m
-- revision: a
-- schemadiff:up postgresql
DO $x$ ; $x$;
-- schemadiff:up sqlite
SELECT [a;];
-- schemadiff:down
/* ; */ BEGIN;