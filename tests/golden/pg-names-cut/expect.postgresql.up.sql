-- locks t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t ADD COLUMN a_column_with_a_name_that_is_as_long_as_names_may_be_in_the_ser bigint;

-- schemadiff:no-transaction
-- locks t: SHARE UPDATE EXCLUSIVE and scans it
CREATE UNIQUE INDEX CONCURRENTLY uq_t_a_column_with_a_name_that_is_as_long_as_names_may_be__b6ff ON t (a_column_with_a_name_that_is_as_long_as_names_may_be_in_the_ser);
-- schemadiff:transaction
-- locks t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t ADD CONSTRAINT uq_t_a_column_with_a_name_that_is_as_long_as_names_may_be__b6ff UNIQUE USING INDEX uq_t_a_column_with_a_name_that_is_as_long_as_names_may_be__b6ff;

-- schemadiff:no-transaction
-- locks t: SHARE UPDATE EXCLUSIVE and scans it
CREATE INDEX CONCURRENTLY ix_t_a_column_with_a_name_that_is_as_long_as_names_may_be__a959 ON t (a_column_with_a_name_that_is_as_long_as_names_may_be_in_the_ser);

-- schemadiff:transaction
-- locks t: SHARE ROW EXCLUSIVE, for an instant
ALTER TABLE t ADD CONSTRAINT fk_t_a_column_with_a_name_that_is_as_long_as_names_may_be__9ab3 FOREIGN KEY (a_column_with_a_name_that_is_as_long_as_names_may_be_in_the_ser) REFERENCES t (id) NOT VALID;
-- schemadiff:transaction
-- locks t: SHARE UPDATE EXCLUSIVE and scans it
ALTER TABLE t VALIDATE CONSTRAINT fk_t_a_column_with_a_name_that_is_as_long_as_names_may_be__9ab3;
