-- locks t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t RENAME TO u;

-- locks u: ACCESS EXCLUSIVE, for an instant
ALTER TABLE u RENAME CONSTRAINT pk_t TO pk_u;
