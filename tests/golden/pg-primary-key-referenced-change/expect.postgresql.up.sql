-- locks k and t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE k DROP CONSTRAINT fk_k_t_a_t;

-- schemadiff:no-transaction
-- locks t: SHARE UPDATE EXCLUSIVE and scans it
CREATE UNIQUE INDEX CONCURRENTLY pk_t_replaced ON t (b);
-- schemadiff:transaction
-- locks t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t DROP CONSTRAINT pk_t;
ALTER TABLE t ADD CONSTRAINT pk_t PRIMARY KEY USING INDEX pk_t_replaced;

-- schemadiff:no-transaction
-- locks t: SHARE UPDATE EXCLUSIVE and scans it
CREATE UNIQUE INDEX CONCURRENTLY uq_t_a ON t (a);
-- schemadiff:transaction
-- locks t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t ADD CONSTRAINT uq_t_a UNIQUE USING INDEX uq_t_a;

-- schemadiff:transaction
-- locks k and t: SHARE ROW EXCLUSIVE, for an instant
ALTER TABLE k ADD CONSTRAINT fk_k_t_a_t FOREIGN KEY (t_a) REFERENCES t (a) NOT VALID;
-- schemadiff:transaction
-- locks k: SHARE UPDATE EXCLUSIVE and scans it
ALTER TABLE k VALIDATE CONSTRAINT fk_k_t_a_t;
