-- locks t: ACCESS EXCLUSIVE and rewrites it
ALTER TABLE t ALTER COLUMN a TYPE bigint;
ALTER SEQUENCE t_a_seq AS bigint;
