-- locks t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t ALTER COLUMN a ADD GENERATED ALWAYS AS IDENTITY;
-- locks t: ACCESS EXCLUSIVE and scans it
SELECT setval(pg_get_serial_sequence('t', 'a')::regclass, greatest(max(a) + (1), 1), false) FROM t HAVING count(a) > 0;
