SELECT setval(pg_get_serial_sequence('t', 'a')::regclass, 100, false) WHERE coalesce(pg_sequence_last_value(pg_get_serial_sequence('t', 'a')::regclass), 1) > 100;
-- locks t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t ALTER COLUMN a SET INCREMENT BY -1 SET MINVALUE -100 SET MAXVALUE 100 SET START WITH 10;
