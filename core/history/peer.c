/* The table of tools.  The tables are as the tools themselves create them (each version's
 * statements stand in tests/cli/adopt_helpers.bash, with where they come from). */
#include "core/history/peer.h"

#include "core/base/text.h"

enum tool {
	ALEMBIC,
	FLYWAY,
	DJANGO,
	PRISMA,
	GOOSE,
	GOLANG_MIGRATE,
	ECTO,
	SEQUEL,
	RAILS,
	DBMATE,
	KNEX,
	LIQUIBASE,
	SQLX,
	N_TOOLS,
};

const char *const sd_peer_words[] = {
	[ALEMBIC] = "alembic",
	[FLYWAY] = "flyway",
	[DJANGO] = "django",
	[PRISMA] = "prisma",
	[GOOSE] = "goose",
	[GOLANG_MIGRATE] = "golang-migrate",
	[ECTO] = "ecto",
	[SEQUEL] = "sequel",
	[RAILS] = "rails",
	[DBMATE] = "dbmate",
	[KNEX] = "knex",
	[LIQUIBASE] = "liquibase",
	[SQLX] = "sqlx",
	[N_TOOLS] = "none",
	NULL,
};

/* Of tables that look alike the first that fits counts: dbmate's is that of Rails without the
 * one beside it. */
const struct sd_peer sd_peers[] = {
	[ALEMBIC] = {
		.title = "Alembic", .noun = "revision",
		.table = "alembic_version", .columns = "version_num", .exact = true,
		.position_only = true,
		.applied = "SELECT version_num FROM {t} ORDER BY version_num",
		.up = "`alembic upgrade {v}`", .down = "`alembic downgrade {v}`",
	},
	[FLYWAY] = {
		.title = "Flyway", .noun = "migration",
		.table = "flyway_schema_history",
		.columns = "installed_rank version description type script checksum installed_by "
			   "installed_on execution_time success",
		/* repeatable ones have no version; what is undone or deleted has a later row that
		 * says so */
		.applied = "SELECT coalesce(version, script) FROM {t} AS f WHERE success AND "
			   "type NOT LIKE 'UNDO%' AND type NOT IN ('SCHEMA', 'DELETE') AND "
			   "installed_rank = (SELECT max(installed_rank) FROM {t} AS g WHERE "
			   "coalesce(g.version, g.script) = coalesce(f.version, f.script)) "
			   "ORDER BY installed_rank",
		.failed = "SELECT coalesce(version, script) FROM {t} WHERE NOT success "
			  "ORDER BY installed_rank",
		.mend = "mend the database, then `flyway repair` and `flyway migrate`",
		.up = "`flyway migrate -target={v}`",
		.down = "`flyway undo -target={v}` (where your edition has it)",
	},
	[DJANGO] = {
		.title = "Django", .noun = "migration",
		.table = "django_migrations", .columns = "id app name applied", .exact = true,
		.applied = "SELECT app || '.' || name FROM {t} ORDER BY id",
		.up = "`python manage.py migrate`",
		.down = "`python manage.py migrate APP NAME`",
	},
	[PRISMA] = {
		.title = "Prisma Migrate", .noun = "migration",
		.table = "_prisma_migrations",
		.columns = "id checksum finished_at migration_name logs rolled_back_at started_at",
		.applied = "SELECT migration_name FROM {t} WHERE finished_at IS NOT NULL AND "
			   "rolled_back_at IS NULL ORDER BY started_at, migration_name",
		.failed = "SELECT migration_name FROM {t} WHERE finished_at IS NULL AND "
			  "rolled_back_at IS NULL ORDER BY started_at, migration_name",
		.mend = "mend the database, then `npx prisma migrate resolve --applied NAME` or "
			"`--rolled-back NAME`",
		.up = "`npx prisma migrate deploy`",
	},
	[GOOSE] = {
		.title = "goose", .noun = "migration",
		.table = "goose_db_version", .columns = "id version_id is_applied tstamp",
		.exact = true,
		/* older releases record what is undone by one more row; 0 is goose's own */
		.applied = "SELECT version_id FROM {t} AS f WHERE version_id > 0 AND is_applied AND "
			   "id = (SELECT max(id) FROM {t} AS g WHERE g.version_id = f.version_id) "
			   "ORDER BY version_id",
		.up = "`goose up-to {v}`", .down = "`goose down-to {v}`",
	},
	[GOLANG_MIGRATE] = {
		.title = "golang-migrate", .noun = "migration",
		.table = "schema_migrations", .columns = "version dirty", .exact = true,
		.position_only = true,
		.applied = "SELECT version FROM {t} WHERE NOT dirty AND version >= 0",
		.failed = "SELECT version FROM {t} WHERE dirty",
		.mend = "mend the database, then `migrate force VERSION`",
		.up = "`migrate goto {v}`", .down = "`migrate goto {v}`",
	},
	[ECTO] = {
		.title = "Ecto", .noun = "migration",
		.table = "schema_migrations", .columns = "version inserted_at", .exact = true,
		.applied = "SELECT version FROM {t} ORDER BY version",
		.up = "`mix ecto.migrate --to {v}`", .down = "`mix ecto.rollback`",
	},
	[SEQUEL] = {
		.title = "Sequel", .noun = "migration",
		.table = "schema_migrations", .columns = "filename", .exact = true,
		.applied = "SELECT filename FROM {t} ORDER BY filename",
		.up = "`sequel -m FOLDER URL`", .down = "`sequel -m FOLDER -M VERSION URL`",
	},
	[RAILS] = {
		.title = "Rails", .noun = "migration",
		.table = "schema_migrations", .columns = "version", .exact = true,
		.beside = "ar_internal_metadata", .needs_beside = true,
		.applied = "SELECT version FROM {t} ORDER BY version",
		.up = "`rails db:migrate VERSION={v}`", .down = "`rails db:migrate VERSION={v}`",
	},
	[DBMATE] = {
		.title = "dbmate", .noun = "migration",
		.table = "schema_migrations", .columns = "version", .exact = true,
		.applied = "SELECT version FROM {t} ORDER BY version",
		.up = "`dbmate migrate`", .down = "`dbmate rollback`",
	},
	[KNEX] = {
		.title = "Knex", .noun = "migration",
		.table = "knex_migrations", .columns = "id name batch migration_time", .exact = true,
		.beside = "*_lock",
		.applied = "SELECT name FROM {t} ORDER BY id",
		.busy = "SELECT is_locked FROM {b} WHERE is_locked <> 0",
		.unlock = "wait for it; if nothing runs, see what it has left, then `npx knex "
			  "migrate:unlock`",
		.up = "`npx knex migrate:latest`", .down = "`npx knex migrate:down`",
	},
	[LIQUIBASE] = {
		.title = "Liquibase", .noun = "change set",
		.table = "databasechangelog",
		.columns = "id author filename dateexecuted orderexecuted exectype md5sum",
		.beside = "*lock",
		.applied = "SELECT filename || '::' || id || '::' || author FROM {t} WHERE exectype "
			   "IN ('EXECUTED', 'RERAN', 'MARK_RAN') ORDER BY orderexecuted, "
			   "dateexecuted",
		.failed = "SELECT filename || '::' || id || '::' || author FROM {t} WHERE exectype "
			  "= 'FAILED' ORDER BY orderexecuted",
		.busy = "SELECT lockedby FROM {b} WHERE locked",
		.mend = "mend the change set or the database, then `liquibase update`",
		.unlock = "wait for it; if nothing runs, see what it has left, then `liquibase "
			  "release-locks`",
		.up = "`liquibase update`", .down = "`liquibase rollback-count N`",
	},
	[SQLX] = {
		.title = "sqlx", .noun = "migration",
		.table = "_sqlx_migrations",
		.columns = "version description installed_on success checksum execution_time",
		.applied = "SELECT version FROM {t} WHERE success ORDER BY version",
		.failed = "SELECT version FROM {t} WHERE NOT success ORDER BY version",
		.mend = "mend the database, then remove the row of that version from the table, as "
			"sqlx has it, and `sqlx migrate run`",
		.up = "`sqlx migrate run --target-version {v}`",
		.down = "`sqlx migrate revert --target-version {v}`",
	},
};

const size_t sd_n_peers = N_TOOLS;

_Static_assert(SD_COUNT(sd_peers) == N_TOOLS, "a row for each tool");

const char *
sd_peer_name(const struct sd_peer *peer)
{
	return sd_peer_words[peer - sd_peers];
}

const struct sd_peer *
sd_peer_find(const char *name)
{
	for (size_t i = 0; i < sd_n_peers; i++)
		if (sd_text_equal(sd_peer_words[i], name))
			return &sd_peers[i];
	return NULL;
}
