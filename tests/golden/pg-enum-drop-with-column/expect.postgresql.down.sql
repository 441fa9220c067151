CREATE TYPE mood AS ENUM ('sad', 'ok');

-- warning: the data of t.m was dropped on the way up and does not come back
-- locks t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t ADD COLUMN m mood;
