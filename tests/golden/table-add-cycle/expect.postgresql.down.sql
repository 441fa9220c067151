ALTER TABLE employees DROP CONSTRAINT fk_employees_department;

-- warning: drops table departments and its rows
DROP TABLE departments;

-- warning: drops table employees and its rows
DROP TABLE employees;
