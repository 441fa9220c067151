-- locks users: ACCESS EXCLUSIVE, for an instant
ALTER TABLE users DROP CONSTRAINT pk_users;

-- warning: drops the data in users.id
ALTER TABLE users DROP COLUMN id;
