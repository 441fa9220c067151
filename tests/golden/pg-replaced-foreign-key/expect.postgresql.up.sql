-- locks u and t: SHARE ROW EXCLUSIVE, for an instant
ALTER TABLE u ADD CONSTRAINT fk_new FOREIGN KEY (t_id) REFERENCES t (id) ON DELETE SET NULL NOT VALID;
-- schemadiff:transaction
-- locks u: SHARE UPDATE EXCLUSIVE and scans it
ALTER TABLE u VALIDATE CONSTRAINT fk_new;

-- schemadiff:transaction
-- locks u and t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE u DROP CONSTRAINT fk_old;
