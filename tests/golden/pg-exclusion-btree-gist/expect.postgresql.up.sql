-- locks t: ACCESS EXCLUSIVE and scans it
ALTER TABLE t ADD CONSTRAINT ex_t EXCLUDE USING gist (room WITH =, during WITH &&) WHERE (room IS NOT NULL);
