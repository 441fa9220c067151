-- locks users: ACCESS EXCLUSIVE and rewrites it
ALTER TABLE users ALTER COLUMN age TYPE real USING coalesce(age, cents / 100.0);

-- warning: drops the data in users.cents
-- locks users: ACCESS EXCLUSIVE, for an instant
ALTER TABLE users DROP COLUMN cents;
