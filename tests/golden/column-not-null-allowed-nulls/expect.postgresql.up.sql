-- warning: stops if a row has no value for users.age
-- locks users: ACCESS EXCLUSIVE and scans it
ALTER TABLE users ALTER COLUMN age SET NOT NULL;
