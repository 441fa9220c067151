-- locks t: ACCESS EXCLUSIVE and rewrites it
ALTER TABLE t ALTER COLUMN a TYPE integer;
-- locks t: ACCESS EXCLUSIVE, for an instant
LOCK TABLE t IN ACCESS EXCLUSIVE MODE;
ALTER SEQUENCE t_a_seq RENAME TO t_a_seq_replaced;
CREATE TEMPORARY TABLE sd_last ON COMMIT DROP AS SELECT last_value, is_called FROM t_a_seq_replaced;
ALTER TABLE t ALTER COLUMN a DROP IDENTITY;
CREATE SEQUENCE t_a_seq AS integer OWNED BY t.a;
ALTER TABLE t ALTER COLUMN a SET DEFAULT nextval('t_a_seq');
SELECT setval(pg_get_serial_sequence('t', 'a')::regclass, last_value, is_called) FROM sd_last;
DROP TABLE sd_last;
