-- locks t: SHARE UPDATE EXCLUSIVE, for an instant
COMMENT ON COLUMN t.a IS 'old';
