-- locks users: ACCESS EXCLUSIVE, for an instant
ALTER TABLE users DROP CONSTRAINT ck_users_score;

-- warning: drops the data in users.score
ALTER TABLE users DROP COLUMN score;
