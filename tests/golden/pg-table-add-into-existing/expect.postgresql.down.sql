-- warning: drops table children and its rows
-- locks parents: ACCESS EXCLUSIVE, for an instant
DROP TABLE children;

DROP TYPE mood;
