CREATE TABLE departments (
  id INTEGER PRIMARY KEY,
  head_id integer,
  CONSTRAINT fk_departments_head FOREIGN KEY (head_id) REFERENCES employees (id)
);

CREATE TABLE employees (
  id INTEGER PRIMARY KEY,
  department_id integer,
  CONSTRAINT fk_employees_department FOREIGN KEY (department_id) REFERENCES departments (id)
);
