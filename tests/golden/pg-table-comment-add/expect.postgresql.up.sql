-- locks t: SHARE UPDATE EXCLUSIVE, for an instant
COMMENT ON TABLE t IS 'what''s kept, "quoted" \ and
in two lines';
