-- warning: drops table b and its rows
-- locks a: ACCESS EXCLUSIVE, for an instant
DROP TABLE b;

ALTER TABLE a DROP CONSTRAINT uq_code;

ALTER TABLE a DROP CONSTRAINT uq_old;

-- locks a: ACCESS EXCLUSIVE and rewrites it
ALTER TABLE a ALTER COLUMN wide TYPE bigint;

-- warning: drops the data in a.old
-- locks a: ACCESS EXCLUSIVE, for an instant
ALTER TABLE a DROP COLUMN old;
