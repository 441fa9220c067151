-- schemadiff:foreign-keys off

-- warning: drops table departments and its rows
DROP TABLE departments;

-- warning: drops table employees and its rows
DROP TABLE employees;
