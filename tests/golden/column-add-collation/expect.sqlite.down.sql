-- warning: drops the data in users.nick
ALTER TABLE users DROP COLUMN nick;
