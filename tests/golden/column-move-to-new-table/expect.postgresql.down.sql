-- warning: the data of users.email was dropped on the way up and does not come back
-- locks users: ACCESS EXCLUSIVE, for an instant
ALTER TABLE users ADD COLUMN email text;

-- warning: drops table emails and its rows
DROP TABLE emails;
