-- locks t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t ADD COLUMN b text;

-- locks t: SHARE and scans it
CREATE INDEX ix_t_b ON t (b);
