/* Databases for trying migrations out: each is made for one use on a server that the user names,
 * and dropped when its connection is closed.  The connection that made it stays open for that,
 * so that what can't be dropped is known to whom it belongs. */
#include "core/db/pg.h"

#include "core/base/text.h"

#include <stdlib.h>
#include <unistd.h>

static const struct sd_pos nowhere;

/* @near, but for the database called @name. */
static struct sd_target
elsewhere(const struct sd_target *near, const char *name, struct sd_arena *arena)
{
	struct sd_target target = *near;

	target.keys = target.values = (struct sd_names){ 0 };
	for (size_t i = 0; i < near->keys.n; i++) {
		if (sd_text_equal(near->keys.at[i], "dbname"))
			continue;
		*sd_push(arena, &target.keys) = near->keys.at[i];
		*sd_push(arena, &target.values) = near->values.at[i];
	}
	*sd_push(arena, &target.keys) = "dbname";
	*sd_push(arena, &target.values) = name;
	return target;
}

/* A search_path that the URL sets may name a namespace that no new database has. */
static enum sd_status
make_namespace(const struct sd_target *target, struct sd_arena *arena, struct sd_diags *diags)
{
	struct sd_target any = *target;
	const char *name = target->namespace;
	struct sd_db *db;
	enum sd_status status = SD_ERR;

	any.namespace = NULL;
	db = sd_driver_postgres.open(&any, SD_DB_WRITE, diags);
	if (!db)
		return SD_ERR;
	if (!name && !sd_db_namespace(db))
		(void)sd_db_value(db, nowhere,
			"SELECT pg_catalog.btrim(pg_catalog.split_part("
			"pg_catalog.current_setting('search_path'), ',', 1), ' \"')",
			NULL, 0, arena, &name);
	if (sd_db_namespace(db) && (!name || sd_text_equal(name, sd_db_namespace(db))))
		status = SD_OK;
	else if (name && *name)
		status = sd_db_exec(db, nowhere,
			sd_fmt(arena, "CREATE SCHEMA %s",
				sd_quote_name(&sd_dialect_postgresql, arena, name)));
	sd_db_close(db);
	return status;
}

struct sd_db *
sd_pg_scratch(const struct sd_target *near, struct sd_diags *diags)
{
	struct sd_db *maker = sd_driver_postgres.open(near, SD_DB_WRITE, diags), *db = NULL;
	struct sd_arena *arena;
	struct sd_target target;
	const char *name;

	if (!maker)
		return NULL;
	if (sd_pg_takes_changes(maker)) {
		sd_hint(diags, "a scratch database is made for each use: give a \"scratch_url\" "
			       "of a server that takes it");
		sd_db_close(maker);
		return NULL;
	}
	arena = sd_pg_of(maker)->arena;
	name = sd_fmt(arena, "schemadiff_scratch_%ld_%d", (long)getpid(),
		PQbackendPID(sd_pg_of(maker)->conn));
	/* template0: what an administrator put into template1 is in no migration */
	if (sd_db_exec(maker, nowhere,
		    sd_fmt(arena, "CREATE DATABASE %s TEMPLATE template0",
			    sd_quote_name(&sd_dialect_postgresql, arena, name)))) {
		sd_hint(diags,
			"a scratch database is made for each use: the role needs the right "
			"to (ALTER ROLE … CREATEDB)");
		sd_db_close(maker);
		return NULL;
	}
	/* it idles for as long as the scripts run, and what it drops may take a while */
	(void)sd_db_exec(maker, nowhere,
		"SELECT pg_catalog.set_config(name, '0', false) FROM pg_catalog.pg_settings "
		"WHERE name IN ('idle_session_timeout', 'statement_timeout')");
	target = elsewhere(near, name, arena);
	if (make_namespace(&target, arena, diags) == SD_OK)
		db = sd_driver_postgres.open(&target, SD_DB_WRITE, diags);
	if (db) {
		sd_pg_of(db)->maker = sd_pg_of(maker);
		sd_pg_of(db)->scratch = name;
	} else {
		sd_pg_drop_scratch(sd_pg_of(maker), name);
	}
	return db;
}

void
sd_pg_drop_scratch(struct sd_pg *maker, const char *name)
{
	const char *sql = sd_fmt(maker->arena, "DROP DATABASE %s",
		sd_quote_name(&sd_dialect_postgresql, maker->arena, name));

	PGresult *result;

	/* after Ctrl-C, too; the server waits for the other connection to be gone */
	result = PQexec(maker->conn, sql);
	if (PQresultStatus(result) != PGRES_COMMAND_OK)
		sd_warn(maker->user, nowhere,
			"the scratch database %s could not be dropped, and is left behind: %s", name,
			sd_text_trim(maker->arena, PQerrorMessage(maker->conn)));
	PQclear(result);
	sd_db_close(&maker->base);
}
