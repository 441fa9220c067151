-- warning: drops table teams and its rows
DROP TABLE teams;
