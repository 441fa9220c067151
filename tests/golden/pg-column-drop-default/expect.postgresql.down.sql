-- warning: the data of t.b was dropped on the way up and does not come back
-- locks t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t ADD COLUMN b timestamptz DEFAULT now() NOT NULL;
COMMENT ON COLUMN t.b IS 'when';
