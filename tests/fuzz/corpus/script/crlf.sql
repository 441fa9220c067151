-- m
-- revision: a
-- schemadiff:up
PRAGMA main.foreign_keys = off;
COPY t FROM stdin;
\d
