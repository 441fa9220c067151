COMMENT ON CONSTRAINT ck_t ON t IS 'it''s so';
