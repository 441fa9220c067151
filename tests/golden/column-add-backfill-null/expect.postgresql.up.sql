-- locks users: ACCESS EXCLUSIVE, for an instant
ALTER TABLE users ADD COLUMN years integer;
-- locks users: ACCESS EXCLUSIVE and scans it
UPDATE users SET years = age * 2 WHERE years IS NULL;
-- locks users: ACCESS EXCLUSIVE and scans it
ALTER TABLE users ALTER COLUMN years SET NOT NULL;
