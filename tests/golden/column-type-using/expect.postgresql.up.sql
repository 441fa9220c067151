-- locks users: ACCESS EXCLUSIVE and rewrites it
ALTER TABLE users ALTER COLUMN age TYPE integer USING CAST(trim(age, ' years') AS INTEGER);
