-- locks users: ACCESS EXCLUSIVE, for an instant
ALTER TABLE users DROP CONSTRAINT fk_users_boss_id_users;

-- warning: drops the data in users.boss_id
ALTER TABLE users DROP COLUMN boss_id;
