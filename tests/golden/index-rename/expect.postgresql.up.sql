ALTER INDEX ix_users RENAME TO ix_people;
