SELECT setval('s'::regclass, 1, false) WHERE coalesce(pg_sequence_last_value('s'::regclass), 490) < 1;
ALTER SEQUENCE s AS integer INCREMENT BY 1 MINVALUE 1 NO MAXVALUE START WITH 13;
