/* Tables in which other migration tools keep their books.  They live beside a project's own
 * tables and belong to nobody's schema files, so they are neither read nor dropped. */
#include "core/base/text.h"
#include "introspect/introspect.h"

static const char *const foreign[] = {
	"__diesel_schema_migrations",
	"__drizzle_migrations",
	"__EFMigrationsHistory",
	"__EFMigrationsLock",
	"_prisma_migrations",
	"_sqlx_migrations",
	"_yoyo_log",
	"_yoyo_migration",
	"_yoyo_version",
	"alembic_version",
	"ar_internal_metadata",
	"atlas_schema_revisions",
	"d1_migrations",
	"databasechangelog",
	"databasechangeloglock",
	"django_migrations",
	"flyway_schema_history",
	"goose_db_version",
	"gorp_migrations",
	"grdb_migrations",
	"knex_migrations",
	"knex_migrations_lock",
	"kysely_migration",
	"kysely_migration_lock",
	"migrate_version",
	"mikro_orm_migrations",
	"pgmigrations",
	"phinxlog",
	"refinery_schema_history",
	"room_master_table",
	"schema_migrations",
	"seaql_migrations",
	"SequelizeMeta",
	"typeorm_metadata",
	"yoyo_lock",
};

bool
sd_is_foreign_bookkeeping(const char *name)
{
	for (size_t i = 0; i < SD_COUNT(foreign); i++)
		if (sd_text_iequal(foreign[i], name))
			return true;
	return false;
}
