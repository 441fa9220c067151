-- locks t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t ADD COLUMN b text;
-- schemadiff:batch
UPDATE t SET b = coalesce(upper(a), '') WHERE ctid = ANY (ARRAY(SELECT ctid FROM t WHERE b IS NULL AND (coalesce(upper(a), '')) IS NOT NULL LIMIT 10000));
-- schemadiff:transaction
-- locks t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t ADD CONSTRAINT t_b_not_null CHECK (b IS NOT NULL) NOT VALID;
-- schemadiff:batch
UPDATE t SET b = coalesce(upper(a), '') WHERE ctid = ANY (ARRAY(SELECT ctid FROM t WHERE b IS NULL AND (coalesce(upper(a), '')) IS NOT NULL LIMIT 10000));
-- schemadiff:transaction
-- locks t: SHARE UPDATE EXCLUSIVE and scans it
ALTER TABLE t VALIDATE CONSTRAINT t_b_not_null;
-- schemadiff:transaction
-- locks t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t ALTER COLUMN b SET NOT NULL;
ALTER TABLE t DROP CONSTRAINT t_b_not_null;
