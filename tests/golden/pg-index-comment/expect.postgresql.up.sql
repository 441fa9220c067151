COMMENT ON INDEX ix_t IS 'for the list';
