SELECT setval(pg_get_serial_sequence('t', 'a')::regclass, 1, false) WHERE coalesce(pg_sequence_last_value(pg_get_serial_sequence('t', 'a')::regclass), 10) < 1;
-- locks t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t ALTER COLUMN a SET INCREMENT BY 1 SET NO MINVALUE SET NO MAXVALUE SET START WITH 1;
