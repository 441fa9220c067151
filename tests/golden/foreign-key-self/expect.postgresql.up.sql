-- locks users: SHARE ROW EXCLUSIVE, for an instant
ALTER TABLE users ADD CONSTRAINT fk_boss FOREIGN KEY (boss) REFERENCES users (id) ON DELETE CASCADE NOT VALID;
-- schemadiff:transaction
-- locks users: SHARE UPDATE EXCLUSIVE and scans it
ALTER TABLE users VALIDATE CONSTRAINT fk_boss;
