-- locks t: ACCESS EXCLUSIVE, for an instant
DROP INDEX ix_t;
