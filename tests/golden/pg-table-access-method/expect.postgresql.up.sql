-- locks t: ACCESS EXCLUSIVE and rewrites it
ALTER TABLE t SET ACCESS METHOD heap2;
