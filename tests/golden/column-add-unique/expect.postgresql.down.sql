-- locks users: ACCESS EXCLUSIVE, for an instant
ALTER TABLE users DROP CONSTRAINT uq_users_email;

-- warning: drops the data in users.email
ALTER TABLE users DROP COLUMN email;
