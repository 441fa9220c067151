-- locks users: ACCESS EXCLUSIVE, for an instant
ALTER TABLE users ADD COLUMN email varchar(255);
