-- locks u and t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE u DROP CONSTRAINT fk;

-- schemadiff:transaction
-- locks t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t DROP CONSTRAINT uq_old;

-- schemadiff:no-transaction
-- locks t: SHARE UPDATE EXCLUSIVE and scans it
CREATE UNIQUE INDEX CONCURRENTLY uq_new ON t (a) INCLUDE (b);
-- schemadiff:transaction
-- locks t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t ADD CONSTRAINT uq_new UNIQUE USING INDEX uq_new;

-- schemadiff:transaction
-- locks u and t: SHARE ROW EXCLUSIVE, for an instant
ALTER TABLE u ADD CONSTRAINT fk FOREIGN KEY (t_a) REFERENCES t (a) NOT VALID;
-- schemadiff:transaction
-- locks u: SHARE UPDATE EXCLUSIVE and scans it
ALTER TABLE u VALIDATE CONSTRAINT fk;
