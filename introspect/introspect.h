/** Database → model. */
#ifndef SD_INTROSPECT_INTROSPECT_H
#define SD_INTROSPECT_INTROSPECT_H

#include "core/db/db.h"
#include "core/schema/names.h"

struct sd_introspect_options {
	const struct sd_naming *naming;
	/** Prefix of this program's own tables, which are left out. */
	const char *bookkeeping_prefix;
	/** Tables of other tools (alembic_version …) are read only if listed here. */
	const struct sd_names *wanted;
	/** Globs of the namespaces that are read beside the connection's default one
	 * (PostgreSQL); NULL = none. */
	const struct sd_names *namespaces;
};

/** Reads a whole schema; NULL after a report. */
typedef struct sd_schema *sd_introspect_fn(
	struct sd_db *db, const struct sd_introspect_options *options, struct sd_arena *arena);

sd_introspect_fn sd_introspect_sqlite;
sd_introspect_fn sd_introspect_postgres;

/** @name is a table of another migration tool (alembic_version, flyway_schema_history …). */
bool sd_is_foreign_bookkeeping(const char *name);

#endif
