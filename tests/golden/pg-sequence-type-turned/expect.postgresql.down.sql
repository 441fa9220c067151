SELECT setval('s'::regclass, 500, false) WHERE coalesce(pg_sequence_last_value('s'::regclass), 13) > 500;
ALTER SEQUENCE s AS bigint INCREMENT BY -1 NO MINVALUE MAXVALUE 500 START WITH 490;
