-- warning: drops table t and its rows
DROP TABLE t;
