ALTER INDEX pk SET (fillfactor = 90);
