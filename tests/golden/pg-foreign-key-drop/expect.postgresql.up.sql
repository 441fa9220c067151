-- locks t and p: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t DROP CONSTRAINT fk_t;
