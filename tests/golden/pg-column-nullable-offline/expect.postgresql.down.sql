-- warning: values are invented for t.a where there are none
-- locks t: ACCESS EXCLUSIVE, for an instant
LOCK TABLE t IN ACCESS EXCLUSIVE MODE;
-- locks t: ACCESS EXCLUSIVE and scans it
UPDATE t SET a = 0 WHERE a IS NULL;
-- locks t: ACCESS EXCLUSIVE and scans it
ALTER TABLE t ALTER COLUMN a SET NOT NULL;
