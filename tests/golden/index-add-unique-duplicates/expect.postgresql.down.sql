-- locks users: ACCESS EXCLUSIVE, for an instant
DROP INDEX ix_users_name;
