-- warning: drops table posts and its rows
-- locks users: ACCESS EXCLUSIVE, for an instant
DROP TABLE posts;
