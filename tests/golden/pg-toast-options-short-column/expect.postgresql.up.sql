-- locks t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t ADD COLUMN a varchar(10);

ALTER TABLE t SET (toast.autovacuum_enabled = false, autovacuum_enabled = false);
