SELECT setval('s'::regclass, 2, false) WHERE coalesce(pg_sequence_last_value('s'::regclass), 1) < 2;
ALTER SEQUENCE s INCREMENT BY 10 MINVALUE 2 MAXVALUE 5000 START WITH 7 CACHE 5 CYCLE;
