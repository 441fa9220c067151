ALTER INDEX ix_people RENAME TO ix_users;
