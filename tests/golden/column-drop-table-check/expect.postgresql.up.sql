-- locks users: ACCESS EXCLUSIVE, for an instant
ALTER TABLE users DROP CONSTRAINT ck_both;

-- warning: drops the data in users.age
ALTER TABLE users DROP COLUMN age;
