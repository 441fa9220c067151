-- locks t and p: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t DROP CONSTRAINT fk_t_a_p;

ALTER INDEX ix_p RENAME TO ix_p_replaced;
-- schemadiff:no-transaction
-- locks p: SHARE UPDATE EXCLUSIVE and scans it
CREATE UNIQUE INDEX CONCURRENTLY ix_p ON p (a) INCLUDE (b);
-- locks p: SHARE UPDATE EXCLUSIVE, for an instant
DROP INDEX CONCURRENTLY ix_p_replaced;

-- schemadiff:transaction
-- locks t and p: SHARE ROW EXCLUSIVE, for an instant
ALTER TABLE t ADD CONSTRAINT fk_t_a_p FOREIGN KEY (a) REFERENCES p (a) NOT VALID;
-- schemadiff:transaction
-- locks t: SHARE UPDATE EXCLUSIVE and scans it
ALTER TABLE t VALIDATE CONSTRAINT fk_t_a_p;
