-- warning: the data of t.b was dropped on the way up and does not come back
-- locks t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t ADD COLUMN b integer;

-- locks t: ACCESS EXCLUSIVE and scans it
ALTER TABLE t ADD CONSTRAINT uq_two UNIQUE (b, c);

-- locks t: ACCESS EXCLUSIVE and scans it
ALTER TABLE t ADD CONSTRAINT ck_t_b CHECK (b > 0);

-- locks t: ACCESS EXCLUSIVE and scans it
ALTER TABLE t ADD CONSTRAINT ck_two CHECK (b < c);

-- locks t: SHARE and scans it
CREATE INDEX ix_t_b ON t (b);

-- locks t: SHARE and scans it
CREATE INDEX ix_two ON t (a, b);
