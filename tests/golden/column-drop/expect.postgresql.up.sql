-- warning: drops the data in users.age
-- locks users: ACCESS EXCLUSIVE, for an instant
ALTER TABLE users DROP COLUMN age;
