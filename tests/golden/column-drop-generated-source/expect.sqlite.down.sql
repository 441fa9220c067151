-- warning: the data of users.age was dropped on the way up and does not come back
ALTER TABLE users ADD COLUMN age integer;

ALTER TABLE users ADD COLUMN twice integer GENERATED ALWAYS AS (age * 2) VIRTUAL;
