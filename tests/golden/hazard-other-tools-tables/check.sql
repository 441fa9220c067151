SELECT * FROM alembic_version;
