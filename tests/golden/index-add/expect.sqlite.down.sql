DROP INDEX ix_users_age;
