-- warning: drops the data in users.boss_id
ALTER TABLE users DROP COLUMN boss_id;
