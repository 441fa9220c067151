-- locks users: ACCESS EXCLUSIVE and scans it
ALTER TABLE users ADD CONSTRAINT pk_users PRIMARY KEY (name);
