CREATE TYPE mood AS ENUM ('sad', 'ok');

-- locks t: ACCESS EXCLUSIVE and rewrites it
ALTER TABLE t ALTER COLUMN a TYPE mood USING CAST(a AS mood);
