ALTER INDEX pk SET (fillfactor = 60);
