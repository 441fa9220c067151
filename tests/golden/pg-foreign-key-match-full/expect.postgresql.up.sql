-- locks t and p: SHARE ROW EXCLUSIVE, for an instant
ALTER TABLE t ADD CONSTRAINT fk_t_replaced FOREIGN KEY (a, b) REFERENCES p (a, b) MATCH FULL NOT VALID;
-- schemadiff:transaction
-- locks t: SHARE UPDATE EXCLUSIVE and scans it
ALTER TABLE t VALIDATE CONSTRAINT fk_t_replaced;
-- schemadiff:transaction
-- locks t and p: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t DROP CONSTRAINT fk_t;
-- locks t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t RENAME CONSTRAINT fk_t_replaced TO fk_t;
