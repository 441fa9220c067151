-- warning: drops table children and its rows
DROP TABLE children;

-- warning: drops table parents and its rows
DROP TABLE parents;

DROP TYPE mood;
