-- locks t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t RENAME CONSTRAINT ex_new TO ex_t;
