-- locks users: ACCESS EXCLUSIVE, for an instant
ALTER TABLE users ALTER COLUMN role DROP DEFAULT;
-- locks users: ACCESS EXCLUSIVE and rewrites it
ALTER TABLE users ALTER COLUMN role TYPE role USING CAST(role AS role);
-- locks users: ACCESS EXCLUSIVE, for an instant
ALTER TABLE users ALTER COLUMN role SET DEFAULT 'user'::role;
