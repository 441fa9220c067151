-- locks users: ACCESS EXCLUSIVE, for an instant
ALTER TABLE users ADD COLUMN years integer;

-- warning: drops the data in users.age
ALTER TABLE users DROP COLUMN age;
