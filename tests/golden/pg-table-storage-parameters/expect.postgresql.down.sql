-- locks t: SHARE UPDATE EXCLUSIVE, for an instant
ALTER TABLE t RESET (autovacuum_vacuum_scale_factor, toast.autovacuum_enabled);
ALTER TABLE t SET (autovacuum_enabled = false, autovacuum_vacuum_threshold = 100);
