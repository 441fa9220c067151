DROP VIEW log_users;

-- warning: drops table log and its rows
DROP TABLE log;
