-- locks t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t DROP CONSTRAINT x;

-- locks t: SHARE and scans it
CREATE UNIQUE INDEX x ON t (b);
