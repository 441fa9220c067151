#include "cmd/engines.h"

/* What an engine needs beside its row in sd_dialects: a driver, an introspector, a renderer. */
const struct sd_engine sd_engines[] = {
	{ &sd_dialect_sqlite, &sd_driver_sqlite, sd_introspect_sqlite, &sd_renderer_sqlite,
		NULL },
	{ &sd_dialect_postgresql, &sd_driver_postgres, sd_introspect_postgres,
		&sd_renderer_postgres,
		"SELECT nspname FROM pg_catalog.pg_namespace WHERE "
		"pg_catalog.left(nspname::text, 3) OPERATOR(pg_catalog.<>) 'pg_' AND nspname "
		"OPERATOR(pg_catalog.<>) 'information_schema' ORDER BY nspname COLLATE \"C\"" },
	{ 0 },
};

const struct sd_engine *
sd_engine_find(const struct sd_dialect *dialect)
{
	for (size_t i = 0; sd_engines[i].dialect; i++)
		if (sd_engines[i].dialect == dialect)
			return &sd_engines[i];
	return NULL;
}
