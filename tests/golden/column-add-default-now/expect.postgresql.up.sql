-- locks users: ACCESS EXCLUSIVE, for an instant
ALTER TABLE users ADD COLUMN created_at text DEFAULT CURRENT_DATE NOT NULL;
