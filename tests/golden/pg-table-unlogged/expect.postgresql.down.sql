-- locks t: ACCESS EXCLUSIVE and rewrites it
ALTER TABLE t SET LOGGED;
