-- locks t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t DROP CONSTRAINT pk_t;
-- locks t: ACCESS EXCLUSIVE and scans it
ALTER TABLE t ADD CONSTRAINT pk_t PRIMARY KEY (a);
