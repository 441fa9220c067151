-- locks t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t RENAME CONSTRAINT ex_t TO ex_new;
