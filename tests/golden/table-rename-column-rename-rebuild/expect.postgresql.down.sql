-- locks people: ACCESS EXCLUSIVE, for an instant
ALTER TABLE people RENAME COLUMN full_name TO name;

ALTER TABLE people RENAME TO users;

-- schemadiff:transaction
-- locks posts: ACCESS EXCLUSIVE, for an instant
ALTER TABLE posts ALTER COLUMN title DROP DEFAULT;

-- schemadiff:transaction
-- locks users: ACCESS EXCLUSIVE, for an instant
ALTER TABLE users ALTER COLUMN age DROP NOT NULL;

ALTER TABLE users RENAME CONSTRAINT pk_people TO pk_users;
