-- warning: the data of users.age was dropped on the way up and does not come back
-- locks users: ACCESS EXCLUSIVE, for an instant
ALTER TABLE users ADD COLUMN age integer;

-- warning: drops the data in users.years
ALTER TABLE users DROP COLUMN years;
