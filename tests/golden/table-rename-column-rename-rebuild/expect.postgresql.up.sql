-- locks users: ACCESS EXCLUSIVE, for an instant
ALTER TABLE users RENAME COLUMN name TO full_name;

ALTER TABLE users RENAME TO people;

-- schemadiff:batch people (id) 10000
UPDATE people SET age = 0 WHERE age IS NULL AND :batch;
-- schemadiff:transaction
-- locks people: ACCESS EXCLUSIVE, for an instant
ALTER TABLE people ADD CONSTRAINT people_age_not_null CHECK (age IS NOT NULL) NOT VALID;
-- schemadiff:batch people (id) 10000
UPDATE people SET age = 0 WHERE age IS NULL AND :batch;
-- schemadiff:transaction
-- locks people: SHARE UPDATE EXCLUSIVE and scans it
ALTER TABLE people VALIDATE CONSTRAINT people_age_not_null;
-- schemadiff:transaction
-- locks people: ACCESS EXCLUSIVE, for an instant
ALTER TABLE people ALTER COLUMN age SET NOT NULL;
ALTER TABLE people DROP CONSTRAINT people_age_not_null;

-- schemadiff:transaction
-- locks posts: ACCESS EXCLUSIVE, for an instant
ALTER TABLE posts ALTER COLUMN title SET DEFAULT 'none';

-- schemadiff:transaction
-- locks people: ACCESS EXCLUSIVE, for an instant
ALTER TABLE people RENAME CONSTRAINT pk_users TO pk_people;
