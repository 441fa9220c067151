CREATE TABLE t (id INTEGER PRIMARY KEY, x TEXT);
CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num));
CREATE TABLE django_migrations (id INTEGER PRIMARY KEY AUTOINCREMENT, app VARCHAR(255) NOT NULL);
CREATE TABLE flyway_schema_history (installed_rank INT NOT NULL PRIMARY KEY);
