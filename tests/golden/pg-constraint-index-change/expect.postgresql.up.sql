ALTER INDEX pk SET (fillfactor = 80);
COMMENT ON INDEX pk IS 'new';

ALTER INDEX uq SET (fillfactor = 80);
COMMENT ON INDEX uq IS 'new';

ALTER INDEX ex SET (fillfactor = 80);
COMMENT ON INDEX ex IS 'new';
