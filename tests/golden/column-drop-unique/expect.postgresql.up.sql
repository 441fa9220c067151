-- locks users: ACCESS EXCLUSIVE, for an instant
ALTER TABLE users DROP CONSTRAINT uq_users_age;

-- warning: drops the data in users.age
ALTER TABLE users DROP COLUMN age;
