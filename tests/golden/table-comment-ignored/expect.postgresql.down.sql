-- locks users: SHARE UPDATE EXCLUSIVE, for an instant
COMMENT ON TABLE users IS NULL;
