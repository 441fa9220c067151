-- schemadiff:no-transaction
-- locks t: SHARE UPDATE EXCLUSIVE, for an instant
DROP INDEX CONCURRENTLY ix_t_a_column_with_a_name_that_is_as_long_as_names_may_be__a959;

-- schemadiff:transaction
-- locks t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t DROP CONSTRAINT fk_t_a_column_with_a_name_that_is_as_long_as_names_may_be__9ab3;

ALTER TABLE t DROP CONSTRAINT uq_t_a_column_with_a_name_that_is_as_long_as_names_may_be__b6ff;

-- warning: drops the data in t.a_column_with_a_name_that_is_as_long_as_names_may_be_in_the_ser
ALTER TABLE t DROP COLUMN a_column_with_a_name_that_is_as_long_as_names_may_be_in_the_ser;
