-- locks t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t ALTER COLUMN a TYPE text;

ALTER TABLE t SET (toast.autovacuum_enabled = false);
