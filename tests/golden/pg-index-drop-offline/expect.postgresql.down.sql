-- locks t: SHARE and scans it
CREATE INDEX ix_t ON t (a);
