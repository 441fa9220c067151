ALTER INDEX ix_t SET (fillfactor = 70);
