-- locks users: ACCESS EXCLUSIVE and rewrites it
ALTER TABLE users ADD COLUMN shout text GENERATED ALWAYS AS (upper(name)) STORED;
