-- locks t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t ADD COLUMN b text GENERATED ALWAYS AS (upper(a)) VIRTUAL;
