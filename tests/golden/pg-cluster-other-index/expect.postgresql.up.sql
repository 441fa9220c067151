-- locks t: SHARE UPDATE EXCLUSIVE, for an instant
ALTER TABLE t CLUSTER ON iy;
