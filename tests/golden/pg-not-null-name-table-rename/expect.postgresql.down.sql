-- locks u: ACCESS EXCLUSIVE, for an instant
ALTER TABLE u RENAME TO t;

-- locks t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t RENAME CONSTRAINT pk_u TO pk_t;
