-- warning: the data of users.id was dropped on the way up and does not come back
-- locks users: ACCESS EXCLUSIVE and rewrites it
ALTER TABLE users ADD COLUMN id integer GENERATED ALWAYS AS IDENTITY;

-- schemadiff:no-transaction
-- locks users: SHARE UPDATE EXCLUSIVE and scans it
CREATE UNIQUE INDEX CONCURRENTLY pk_users ON users (id);
-- schemadiff:transaction
-- locks users: ACCESS EXCLUSIVE, for an instant
ALTER TABLE users ADD CONSTRAINT pk_users PRIMARY KEY USING INDEX pk_users;
