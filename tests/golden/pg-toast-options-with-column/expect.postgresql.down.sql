-- locks t: SHARE UPDATE EXCLUSIVE, for an instant
ALTER TABLE t RESET (toast.autovacuum_enabled);

-- warning: drops the data in t.a
-- locks t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t DROP COLUMN a;
