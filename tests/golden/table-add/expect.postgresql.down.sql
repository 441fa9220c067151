-- warning: drops table teams and its rows
-- locks users: ACCESS EXCLUSIVE, for an instant
DROP TABLE teams;
