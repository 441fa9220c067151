-- locks t: SHARE UPDATE EXCLUSIVE, for an instant
ALTER TABLE t RESET (autovacuum_vacuum_threshold);
ALTER TABLE t SET (autovacuum_enabled = true, autovacuum_vacuum_scale_factor = 0.05, toast.autovacuum_enabled = false);
