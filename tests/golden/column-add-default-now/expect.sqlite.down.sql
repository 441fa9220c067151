-- warning: drops the data in users.created_at
ALTER TABLE users DROP COLUMN created_at;
