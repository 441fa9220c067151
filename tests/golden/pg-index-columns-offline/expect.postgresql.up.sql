-- locks t: ACCESS EXCLUSIVE, for an instant
DROP INDEX ix_t;
-- locks t: SHARE and scans it
CREATE INDEX ix_t ON t (a, b);
