-- warning: stops if a row has the value guest, which enum role loses
ALTER TYPE role RENAME TO role_replaced;
CREATE TYPE role AS ENUM ('user', 'admin');
-- locks users: ACCESS EXCLUSIVE and rewrites it
LOCK TABLE users IN ACCESS EXCLUSIVE MODE;
-- schemadiff:expect-none a row of users has a value that enum role loses in column role
SELECT role FROM users WHERE role::text IN ('guest') LIMIT 1;
ALTER TABLE users ALTER COLUMN role DROP DEFAULT;
ALTER TABLE users ALTER COLUMN role TYPE role USING role::text::role;
ALTER TABLE users ALTER COLUMN role SET DEFAULT 'user'::role;

-- schemadiff:transaction
DROP TYPE role_replaced;
