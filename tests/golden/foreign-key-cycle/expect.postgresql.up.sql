-- locks users and posts: SHARE ROW EXCLUSIVE, for an instant
ALTER TABLE users ADD CONSTRAINT fk_last FOREIGN KEY (last) REFERENCES posts (id) ON DELETE SET NULL NOT VALID;
-- schemadiff:transaction
-- locks users: SHARE UPDATE EXCLUSIVE and scans it
ALTER TABLE users VALIDATE CONSTRAINT fk_last;
