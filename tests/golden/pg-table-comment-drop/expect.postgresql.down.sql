-- locks t: SHARE UPDATE EXCLUSIVE, for an instant
COMMENT ON TABLE t IS 'old';
