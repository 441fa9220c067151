COMMENT ON TYPE mood IS 'how it''s going';
