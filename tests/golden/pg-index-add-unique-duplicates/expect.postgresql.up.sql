-- locks t: SHARE and scans it
CREATE UNIQUE INDEX ix_t ON t (b);
