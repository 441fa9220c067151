-- warning: drops the data in users.n
ALTER TABLE users DROP COLUMN n;
