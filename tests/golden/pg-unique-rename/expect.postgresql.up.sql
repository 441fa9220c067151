-- locks t: ACCESS EXCLUSIVE, for an instant
ALTER TABLE t RENAME CONSTRAINT uq_old TO uq_new;
