CREATE TABLE employees (
	id integer GENERATED ALWAYS AS IDENTITY,
	department_id integer,
	CONSTRAINT pk_employees PRIMARY KEY (id)
);

CREATE TABLE departments (
	id integer GENERATED ALWAYS AS IDENTITY,
	head_id integer,
	CONSTRAINT pk_departments PRIMARY KEY (id),
	CONSTRAINT fk_departments_head FOREIGN KEY (head_id) REFERENCES employees (id)
);

ALTER TABLE employees ADD CONSTRAINT fk_employees_department FOREIGN KEY (department_id) REFERENCES departments (id);
