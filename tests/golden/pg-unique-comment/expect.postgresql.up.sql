COMMENT ON CONSTRAINT uq_t ON t IS 'one of each';
