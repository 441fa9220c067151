-- warning: the data of users.cents was dropped on the way up and does not come back
-- locks users: ACCESS EXCLUSIVE, for an instant
ALTER TABLE users ADD COLUMN cents integer;

-- locks users: ACCESS EXCLUSIVE and scans it
LOCK TABLE users IN ACCESS EXCLUSIVE MODE;
-- schemadiff:expect-none a value of users.age would not survive as integer: "using" in the schema file says how to convert it
SELECT age FROM users WHERE age IS DISTINCT FROM CAST(CAST(age AS integer) AS real) LIMIT 1;
-- locks users: ACCESS EXCLUSIVE and rewrites it
ALTER TABLE users ALTER COLUMN age TYPE integer;
