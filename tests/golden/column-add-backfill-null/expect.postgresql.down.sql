-- warning: drops the data in users.years
-- locks users: ACCESS EXCLUSIVE, for an instant
ALTER TABLE users DROP COLUMN years;
