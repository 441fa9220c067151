INSERT INTO t VALUES (1, 'a'); INSERT INTO alembic_version VALUES ('abc');
