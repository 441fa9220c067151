-- warning: drops the data in users.score
ALTER TABLE users DROP COLUMN score;
