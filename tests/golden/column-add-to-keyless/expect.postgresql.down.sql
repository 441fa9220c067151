-- warning: drops the data in users.n
-- locks users: ACCESS EXCLUSIVE, for an instant
ALTER TABLE users DROP COLUMN n;
