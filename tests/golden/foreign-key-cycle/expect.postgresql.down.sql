-- locks users and posts: ACCESS EXCLUSIVE, for an instant
ALTER TABLE users DROP CONSTRAINT fk_last;
