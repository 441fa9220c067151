-- locks t: ACCESS EXCLUSIVE, for an instant
DROP INDEX ix_t;
-- locks t: SHARE and scans it
CREATE UNIQUE INDEX ix_t ON t (a, b);
-- locks t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t REPLICA IDENTITY USING INDEX ix_t;
