-- locks t: ACCESS EXCLUSIVE and scans it
ALTER TABLE t ADD CONSTRAINT pk PRIMARY KEY (id) WITH (fillfactor = 70) USING INDEX TABLESPACE pg_default;
COMMENT ON INDEX pk IS 'of the index';

-- locks t: ACCESS EXCLUSIVE and scans it
ALTER TABLE t ADD CONSTRAINT ex EXCLUDE (b WITH =) WITH (fillfactor = 70) USING INDEX TABLESPACE pg_default WHERE (b > 0);
COMMENT ON INDEX ex IS 'of the index';

-- locks t: ACCESS EXCLUSIVE and scans it
ALTER TABLE t ADD CONSTRAINT uq UNIQUE (a) WITH (fillfactor = 70) USING INDEX TABLESPACE pg_default;
COMMENT ON INDEX uq IS 'of the index';
