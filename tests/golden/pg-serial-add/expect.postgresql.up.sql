CREATE SEQUENCE t_a_seq AS integer OWNED BY t.a;
-- locks t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t ALTER COLUMN a SET DEFAULT nextval('t_a_seq');
-- locks t: ACCESS EXCLUSIVE and scans it
SELECT setval(pg_get_serial_sequence('t', 'a')::regclass, greatest(max(a) + (1), 1), false) FROM t HAVING count(a) > 0;
