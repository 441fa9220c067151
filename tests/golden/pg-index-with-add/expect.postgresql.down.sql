ALTER INDEX ix_t RESET (fillfactor);
