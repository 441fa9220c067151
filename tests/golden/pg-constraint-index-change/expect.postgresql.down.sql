ALTER INDEX pk SET (fillfactor = 70);
COMMENT ON INDEX pk IS 'old';

ALTER INDEX uq SET (fillfactor = 70);
COMMENT ON INDEX uq IS 'old';

ALTER INDEX ex SET (fillfactor = 70);
COMMENT ON INDEX ex IS 'old';
