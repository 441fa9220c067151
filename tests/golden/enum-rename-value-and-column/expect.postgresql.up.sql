-- locks t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t RENAME COLUMN m TO mood;

ALTER TYPE mood RENAME VALUE 'sad' TO 'blue';
ALTER TYPE mood RENAME VALUE 'ok' TO 'fine';

ALTER TABLE t ALTER COLUMN mood SET DEFAULT 'fine';
-- schemadiff:batch t (id) 10000
UPDATE t SET mood = 'blue' WHERE mood IS NULL AND :batch;
-- schemadiff:transaction
-- locks t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t ADD CONSTRAINT t_mood_not_null CHECK (mood IS NOT NULL) NOT VALID;
-- schemadiff:batch t (id) 10000
UPDATE t SET mood = 'blue' WHERE mood IS NULL AND :batch;
-- schemadiff:transaction
-- locks t: SHARE UPDATE EXCLUSIVE and scans it
ALTER TABLE t VALIDATE CONSTRAINT t_mood_not_null;
-- schemadiff:transaction
-- locks t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t ALTER COLUMN mood SET NOT NULL;
ALTER TABLE t DROP CONSTRAINT t_mood_not_null;
