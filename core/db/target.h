/** A database to work on: plain data that core/config/ resolves and core/db/ opens. */
#ifndef SD_DB_TARGET_H
#define SD_DB_TARGET_H

#include "core/base/vec.h"
#include "core/sql/dialect.h"

struct sd_target {
	const struct sd_dialect *dialect;
	const char *file;             /* SQLite: the path, or ":memory:" */
	struct sd_names keys, values; /* PostgreSQL: libpq's keywords and their values */
	const char *masked;           /* the URL with its password as ***, for people */
	const char *origin;           /* "--url", "environment \"dev\"", "DATABASE_URL", … */
	const char *identity; /* what it resolves to: host, port and database; the real path */
	const char *namespace; /* the default one that connections must have, or NULL: any */
	bool is_protected;    /* the configuration says so of this identity */
};

#endif
