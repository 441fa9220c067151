CREATE TABLE t (id serial CONSTRAINT pk_t PRIMARY KEY, a text);
