ALTER TYPE mood RENAME TO humour;

ALTER TYPE humour ADD VALUE 'glad' AFTER 'ok';

-- schemadiff:transaction
-- locks t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t ALTER COLUMN m SET DEFAULT 'glad';
