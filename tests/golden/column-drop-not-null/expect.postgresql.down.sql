-- warning: the data of users.name was dropped on the way up and does not come back
-- warning: values are invented for users.name where there are none
-- locks users: ACCESS EXCLUSIVE, for an instant
ALTER TABLE users ADD COLUMN name text DEFAULT '' NOT NULL;
ALTER TABLE users ALTER COLUMN name DROP DEFAULT;
