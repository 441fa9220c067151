-- locks t: SHARE UPDATE EXCLUSIVE, for an instant
ALTER TABLE t SET (fillfactor = 70);
