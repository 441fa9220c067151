-- schemadiff:no-transaction
-- locks users: SHARE UPDATE EXCLUSIVE, for an instant
DROP INDEX CONCURRENTLY ix_users_age;
