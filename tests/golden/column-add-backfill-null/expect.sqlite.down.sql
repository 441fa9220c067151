-- warning: drops the data in users.years
ALTER TABLE users DROP COLUMN years;
