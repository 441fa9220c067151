# The bookkeeping tables of other tools as they create them, and rows as they write them.
# shellcheck disable=SC2034,SC2154,SC2016 # read and set by those who load it; backquotes are MySQL names
#
# Where the statements come from:
#   alembic         1.8.1, run: `alembic upgrade` (alembic/runtime/migration.py, _version)
#   django          3.2, run: `manage.py migrate` (django/db/migrations/recorder.py)
#   flyway          10: getRawCreateScript() of SQLiteDatabase.java, PostgreSQLDatabase.java
#   prisma          5: create_migrations_table() of prisma-engines' flavours sqlite, postgres
#   goose           3.24: database/dialect/sqlite3.go, postgres.go
#   golang-migrate  4: ensureVersionTable() of database/sqlite3, database/postgres
#   dbmate          2: CreateMigrationsTable() of pkg/driver/sqlite, pkg/driver/postgres
#   rails           6.1, run: ActiveRecord::MigrationContext#migrate
#   sequel          5.63, run: Sequel::Migrator.run, the timestamp migrator
#   ecto            3: Ecto.Migration.SchemaMigration
#   knex            3.3, run: lib/migrations/migrate/table-creator.js, its builder's SQL
#   liquibase       4: `liquibase update-sql`
#   sqlx            0.8: sqlx-sqlite and sqlx-postgres, src/migrate.rs

TOOLS='alembic flyway django prisma goose golang-migrate ecto sequel rails dbmate knex liquibase sqlx'

# title TOOL: how the program calls it
title() {
	case "$1" in
	prisma) echo 'Prisma Migrate' ;;
	goose | golang-migrate | dbmate | sqlx) echo "$1" ;;
	*) echo "${1^}" ;;
	esac
}

# table_of TOOL
table_of() {
	case "$1" in
	alembic) echo alembic_version ;;
	flyway) echo flyway_schema_history ;;
	django) echo django_migrations ;;
	prisma) echo _prisma_migrations ;;
	goose) echo goose_db_version ;;
	knex) echo knex_migrations ;;
	liquibase) [ "$engine" = sqlite ] && echo DATABASECHANGELOG || echo databasechangelog ;;
	sqlx) echo _sqlx_migrations ;;
	*) echo schema_migrations ;;
	esac
}

# version TOOL N: what the tool calls its migration N
version() {
	case "$1" in
	alembic) echo "00000000000$2" ;;
	flyway) echo "1.$2" ;;
	django) echo "shop.000$2_step" ;;
	prisma | knex) echo "2024010${2}000000_step" ;;
	sequel) echo "2024010${2}000000_step.rb" ;;
	golang-migrate) echo "$2" ;;
	liquibase) echo "db/changes.xml::$2::ada" ;;
	*) echo "2024010${2}000000" ;;
	esac
}

# ddl_sqlite TOOL, ddl_postgresql TOOL: its tables
ddl_sqlite() {
	case "$1" in
	alembic) cat <<-'END' ;;
		CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num));
	END
	flyway) cat <<-'END' ;;
		CREATE TABLE "main"."flyway_schema_history" ("installed_rank" INT NOT NULL PRIMARY KEY, "version" VARCHAR(50),
			"description" VARCHAR(200) NOT NULL, "type" VARCHAR(20) NOT NULL, "script" VARCHAR(1000) NOT NULL, "checksum" INT,
			"installed_by" VARCHAR(100) NOT NULL, "installed_on" TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f','now')),
			"execution_time" INT NOT NULL, "success" BOOLEAN NOT NULL);
		CREATE INDEX "main"."flyway_schema_history_s_idx" ON "flyway_schema_history" ("success");
	END
	django) cat <<-'END' ;;
		CREATE TABLE "django_migrations" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "app" varchar(255) NOT NULL,
			"name" varchar(255) NOT NULL, "applied" datetime NOT NULL);
	END
	prisma) cat <<-'END' ;;
		CREATE TABLE "_prisma_migrations" ("id" TEXT PRIMARY KEY NOT NULL, "checksum" TEXT NOT NULL, "finished_at" DATETIME,
			"migration_name" TEXT NOT NULL, "logs" TEXT, "rolled_back_at" DATETIME,
			"started_at" DATETIME NOT NULL DEFAULT current_timestamp, "applied_steps_count" INTEGER UNSIGNED NOT NULL DEFAULT 0);
	END
	goose) cat <<-'END' ;;
		CREATE TABLE goose_db_version (id INTEGER PRIMARY KEY AUTOINCREMENT, version_id INTEGER NOT NULL,
			is_applied INTEGER NOT NULL, tstamp TIMESTAMP DEFAULT (datetime('now')));
	END
	golang-migrate) cat <<-'END' ;;
		CREATE TABLE schema_migrations (version uint64,dirty bool);
		CREATE UNIQUE INDEX version_unique ON schema_migrations (version);
	END
	ecto) echo 'CREATE TABLE "schema_migrations" ("version" INTEGER PRIMARY KEY, "inserted_at" TEXT);' ;;
	sequel) echo 'CREATE TABLE `schema_migrations` (`filename` varchar(255) NOT NULL PRIMARY KEY);' ;;
	rails) cat <<-'END' ;;
		CREATE TABLE "schema_migrations" ("version" varchar NOT NULL PRIMARY KEY);
		CREATE TABLE "ar_internal_metadata" ("key" varchar NOT NULL PRIMARY KEY, "value" varchar, "created_at" datetime(6) NOT NULL, "updated_at" datetime(6) NOT NULL);
	END
	dbmate) echo 'CREATE TABLE "schema_migrations" (version varchar(128) primary key);' ;;
	knex) cat <<-'END' ;;
		CREATE TABLE `knex_migrations` (`id` integer not null primary key autoincrement, `name` varchar(255), `batch` integer, `migration_time` datetime);
		CREATE TABLE `knex_migrations_lock` (`index` integer not null primary key autoincrement, `is_locked` integer);
		INSERT INTO knex_migrations_lock (is_locked) VALUES (0);
	END
	liquibase) cat <<-'END' ;;
		CREATE TABLE DATABASECHANGELOGLOCK (ID INTEGER NOT NULL, LOCKED BOOLEAN NOT NULL, LOCKGRANTED TEXT, LOCKEDBY VARCHAR(255), CONSTRAINT PK_DATABASECHANGELOGLOCK PRIMARY KEY (ID));
		INSERT INTO DATABASECHANGELOGLOCK (ID, LOCKED) VALUES (1, 0);
		CREATE TABLE DATABASECHANGELOG (ID VARCHAR(255) NOT NULL, AUTHOR VARCHAR(255) NOT NULL, FILENAME VARCHAR(255) NOT NULL,
			DATEEXECUTED TEXT NOT NULL, ORDEREXECUTED INTEGER NOT NULL, EXECTYPE VARCHAR(10) NOT NULL, MD5SUM VARCHAR(35),
			DESCRIPTION VARCHAR(255), COMMENTS VARCHAR(255), TAG VARCHAR(255), LIQUIBASE VARCHAR(20), CONTEXTS VARCHAR(255),
			LABELS VARCHAR(255), DEPLOYMENT_ID VARCHAR(10));
	END
	sqlx) cat <<-'END' ;;
		CREATE TABLE _sqlx_migrations (version BIGINT PRIMARY KEY, description TEXT NOT NULL, installed_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
			success BOOLEAN NOT NULL, checksum BLOB NOT NULL, execution_time BIGINT NOT NULL);
	END
	esac
}

ddl_postgresql() {
	case "$1" in
	flyway) cat <<-'END' ;;
		CREATE TABLE "flyway_schema_history" ("installed_rank" INT NOT NULL, "version" VARCHAR(50),
			"description" VARCHAR(200) NOT NULL, "type" VARCHAR(20) NOT NULL, "script" VARCHAR(1000) NOT NULL, "checksum" INTEGER,
			"installed_by" VARCHAR(100) NOT NULL, "installed_on" TIMESTAMP NOT NULL DEFAULT now(),
			"execution_time" INTEGER NOT NULL, "success" BOOLEAN NOT NULL);
		ALTER TABLE "flyway_schema_history" ADD CONSTRAINT "flyway_schema_history_pk" PRIMARY KEY ("installed_rank");
		CREATE INDEX "flyway_schema_history_s_idx" ON "flyway_schema_history" ("success");
	END
	django) cat <<-'END' ;;
		CREATE TABLE "django_migrations" ("id" serial NOT NULL PRIMARY KEY, "app" varchar(255) NOT NULL,
			"name" varchar(255) NOT NULL, "applied" timestamp with time zone NOT NULL);
	END
	prisma) cat <<-'END' ;;
		CREATE TABLE _prisma_migrations (id VARCHAR(36) PRIMARY KEY NOT NULL, checksum VARCHAR(64) NOT NULL, finished_at TIMESTAMPTZ,
			migration_name VARCHAR(255) NOT NULL, logs TEXT, rolled_back_at TIMESTAMPTZ,
			started_at TIMESTAMPTZ NOT NULL DEFAULT now(), applied_steps_count INTEGER NOT NULL DEFAULT 0);
	END
	goose) cat <<-'END' ;;
		CREATE TABLE goose_db_version (id integer PRIMARY KEY GENERATED BY DEFAULT AS IDENTITY, version_id bigint NOT NULL,
			is_applied boolean NOT NULL, tstamp timestamp NOT NULL DEFAULT now());
	END
	golang-migrate) echo 'CREATE TABLE "schema_migrations" (version bigint not null primary key, dirty boolean not null);' ;;
	ecto) echo 'CREATE TABLE "schema_migrations" ("version" bigint, "inserted_at" timestamp(0), PRIMARY KEY ("version"));' ;;
	sequel) echo 'CREATE TABLE "schema_migrations" ("filename" text PRIMARY KEY);' ;;
	rails) cat <<-'END' ;;
		CREATE TABLE "schema_migrations" ("version" character varying NOT NULL PRIMARY KEY);
		CREATE TABLE "ar_internal_metadata" ("key" character varying NOT NULL PRIMARY KEY, "value" character varying, "created_at" timestamp(6) NOT NULL, "updated_at" timestamp(6) NOT NULL);
	END
	dbmate) echo 'CREATE TABLE "schema_migrations" (version varchar primary key);' ;;
	knex) cat <<-'END' ;;
		CREATE TABLE "knex_migrations" ("id" serial primary key, "name" varchar(255), "batch" integer, "migration_time" timestamptz);
		CREATE TABLE "knex_migrations_lock" ("index" serial primary key, "is_locked" integer);
		INSERT INTO knex_migrations_lock (is_locked) VALUES (0);
	END
	liquibase) cat <<-'END' ;;
		CREATE TABLE databasechangeloglock (ID INTEGER NOT NULL, LOCKED BOOLEAN NOT NULL, LOCKGRANTED TIMESTAMP WITHOUT TIME ZONE, LOCKEDBY VARCHAR(255), CONSTRAINT databasechangeloglock_pkey PRIMARY KEY (ID));
		INSERT INTO databasechangeloglock (ID, LOCKED) VALUES (1, FALSE);
		CREATE TABLE databasechangelog (ID VARCHAR(255) NOT NULL, AUTHOR VARCHAR(255) NOT NULL, FILENAME VARCHAR(255) NOT NULL,
			DATEEXECUTED TIMESTAMP WITHOUT TIME ZONE NOT NULL, ORDEREXECUTED INTEGER NOT NULL, EXECTYPE VARCHAR(10) NOT NULL, MD5SUM VARCHAR(35),
			DESCRIPTION VARCHAR(255), COMMENTS VARCHAR(255), TAG VARCHAR(255), LIQUIBASE VARCHAR(20), CONTEXTS VARCHAR(255),
			LABELS VARCHAR(255), DEPLOYMENT_ID VARCHAR(10));
	END
	sqlx) cat <<-'END' ;;
		CREATE TABLE _sqlx_migrations (version BIGINT PRIMARY KEY, description TEXT NOT NULL, installed_on TIMESTAMPTZ NOT NULL DEFAULT now(),
			success BOOLEAN NOT NULL, checksum BYTEA NOT NULL, execution_time BIGINT NOT NULL);
	END
	*) ddl_sqlite "$1" ;;
	esac
}

# first TOOL: what it records before its first migration
first() {
	case "$1" in
	goose) echo "INSERT INTO goose_db_version (version_id, is_applied) VALUES (0, true);" ;;
	flyway) echo "INSERT INTO flyway_schema_history VALUES (0, NULL, '<< Flyway Schema Creation >>', 'SCHEMA', '\"app\"', NULL, 'ada', '2024-01-01', 0, true);" ;;
	rails) echo "INSERT INTO ar_internal_metadata VALUES ('environment', 'test', '2024-01-01', '2024-01-01');" ;;
	esac
}

# row TOOL N: what it records of its migration N
row() {
	local v
	v="$(version "$1" "$2")"
	case "$1" in
	alembic) echo "DELETE FROM alembic_version; INSERT INTO alembic_version VALUES ('$v');" ;;
	flyway) echo "INSERT INTO flyway_schema_history VALUES ($2, '$v', 'step', 'SQL', 'V${v}__step.sql', 42, 'ada', '2024-01-01', 5, true);" ;;
	django) echo "INSERT INTO django_migrations (app, name, applied) VALUES ('shop', '000$2_step', '2024-01-0$2');" ;;
	prisma) echo "INSERT INTO _prisma_migrations VALUES ('id$2', 'c', '2024-01-0$2', '$v', NULL, NULL, '2024-01-0$2', 1);" ;;
	goose) echo "INSERT INTO goose_db_version (version_id, is_applied) VALUES ($v, true);" ;;
	golang-migrate) echo "DELETE FROM schema_migrations; INSERT INTO schema_migrations VALUES ($v, false);" ;;
	ecto) echo "INSERT INTO schema_migrations VALUES ($v, '2024-01-0$2');" ;;
	knex) echo "INSERT INTO knex_migrations (name, batch, migration_time) VALUES ('$v', 1, '2024-01-0$2');" ;;
	liquibase) echo "INSERT INTO databasechangelog (ID, AUTHOR, FILENAME, DATEEXECUTED, ORDEREXECUTED, EXECTYPE, MD5SUM) VALUES ('$2', 'ada', 'db/changes.xml', '2024-01-01', $2, 'EXECUTED', '9:1');" ;;
	sqlx) echo "INSERT INTO _sqlx_migrations VALUES ($v, 'step', '2024-01-0$2', true, '', 5);" ;;
	*) echo "INSERT INTO schema_migrations VALUES ('$v');" ;;
	esac
}

# broken TOOL: what it leaves when its migration 3 fails, or it is killed in it; nothing: it leaves no trace
broken() {
	local v
	v="$(version "$1" 3)"
	case "$1" in
	flyway) echo "INSERT INTO flyway_schema_history VALUES (3, '$v', 'step', 'SQL', 'V${v}__step.sql', 42, 'ada', '2024-01-01', 5, false);" ;;
	prisma) echo "INSERT INTO _prisma_migrations VALUES ('id3', 'c', NULL, '$v', 'syntax error', NULL, '2024-01-03', 0);" ;;
	golang-migrate) echo "DELETE FROM schema_migrations; INSERT INTO schema_migrations VALUES ($v, true);" ;;
	knex) echo "UPDATE knex_migrations_lock SET is_locked = 1;" ;;
	liquibase) echo "INSERT INTO databasechangelog (ID, AUTHOR, FILENAME, DATEEXECUTED, ORDEREXECUTED, EXECTYPE, MD5SUM) VALUES ('3', 'ada', 'db/changes.xml', '2024-01-01', 3, 'FAILED', '9:1');" ;;
	sqlx) echo "INSERT INTO _sqlx_migrations VALUES ($v, 'step', '2024-01-03', false, '', 5);" ;;
	esac
}

# books TOOL N: its tables, and what it records of its migrations 1 … N
books() {
	local i

	"ddl_$engine" "$1"
	first "$1"
	for ((i = 1; i <= $2; i++)); do row "$1" "$i"; done
}
