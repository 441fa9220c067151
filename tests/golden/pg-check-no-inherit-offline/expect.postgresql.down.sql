-- locks t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t DROP CONSTRAINT ck_t;
-- locks t: ACCESS EXCLUSIVE and scans it
ALTER TABLE t ADD CONSTRAINT ck_t CHECK (a < b);
