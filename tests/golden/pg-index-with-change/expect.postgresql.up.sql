ALTER INDEX ix_t SET (fastupdate = false);
