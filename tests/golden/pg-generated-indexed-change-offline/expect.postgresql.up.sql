-- locks t: ACCESS EXCLUSIVE, for an instant
DROP INDEX ix_t_b;

ALTER TABLE t DROP CONSTRAINT ck_t_b;

ALTER TABLE t DROP COLUMN b;
-- locks t: ACCESS EXCLUSIVE and rewrites it
ALTER TABLE t ADD COLUMN b text GENERATED ALWAYS AS (lower(a)) STORED;

-- locks t: ACCESS EXCLUSIVE and scans it
ALTER TABLE t ADD CONSTRAINT ck_t_b CHECK (b <> 'no');

-- locks t: SHARE and scans it
CREATE INDEX ix_t_b ON t (b);
