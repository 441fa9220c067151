-- locks t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t ADD COLUMN a text;

ALTER TABLE t SET (toast.autovacuum_enabled = false);
