-- locks t: ACCESS EXCLUSIVE, for an instant
LOCK TABLE t IN ACCESS EXCLUSIVE MODE;
ALTER SEQUENCE t_a_seq RENAME TO t_a_seq_replaced;
ALTER TABLE t ALTER COLUMN a DROP DEFAULT;
ALTER SEQUENCE t_a_seq_replaced OWNED BY NONE;
ALTER TABLE t ALTER COLUMN a ADD GENERATED ALWAYS AS IDENTITY;
SELECT setval(pg_get_serial_sequence('t', 'a')::regclass, last_value, is_called) FROM t_a_seq_replaced;
DROP SEQUENCE t_a_seq_replaced;
