#include "core/db/db.h"

#include "core/base/text.h"

#include <pwd.h>
#include <stdlib.h>
#include <unistd.h>

const struct sd_driver *const sd_drivers[] = {
	&sd_driver_sqlite,
	&sd_driver_postgres,
	NULL,
};

static const struct sd_driver *
driver_of(const struct sd_dialect *dialect)
{
	for (size_t i = 0; sd_drivers[i]; i++)
		if (sd_drivers[i]->dialect == dialect)
			return sd_drivers[i];
	return NULL;
}

struct sd_db *
sd_db_open(const struct sd_target *target, enum sd_db_mode mode, struct sd_diags *diags)
{
	const struct sd_driver *driver = driver_of(target->dialect);

	if (!driver) {
		sd_fail(diags, SD_CLASS_DATABASE, (struct sd_pos){ 0 },
			"this build of schemadiff cannot connect to %s databases",
			target->dialect->name);
		return NULL;
	}
	return driver->open(target, mode, diags);
}

void
sd_db_close(struct sd_db *db)
{
	if (db)
		db->driver->close(db);
}

struct sd_db *
sd_db_scratch(
	const struct sd_dialect *dialect, const struct sd_target *near, struct sd_diags *diags)
{
	return driver_of(dialect)->scratch(near, diags);
}

bool
sd_db_exists(const struct sd_target *target)
{
	const struct sd_driver *driver = driver_of(target->dialect);

	return driver && driver->exists(target);
}

const struct sd_dialect *
sd_db_dialect(const struct sd_db *db)
{
	return db->driver->dialect;
}

int
sd_db_version(const struct sd_db *db)
{
	return db->version;
}

const char *
sd_db_namespace(const struct sd_db *db)
{
	return db->namespace;
}

struct sd_diags *
sd_db_diags(struct sd_db *db)
{
	return db->diags;
}

enum sd_status
sd_db_exec(struct sd_db *db, struct sd_pos pos, const char *sql)
{
	return db->driver->exec(db, pos, sql, NULL, 0);
}

enum sd_status
sd_db_exec_params(struct sd_db *db, struct sd_pos pos, const char *sql,
	const char *const *params, size_t n)
{
	return db->driver->exec(db, pos, sql, params, n);
}

struct sd_rows *
sd_db_query(struct sd_db *db, struct sd_pos pos, const char *sql, const char *const *params,
	size_t n)
{
	return db->driver->query(db, pos, sql, params, n);
}

enum sd_status
sd_rows_next(struct sd_rows *rows)
{
	return rows->db->driver->next(rows);
}

const char *
sd_rows_text(struct sd_rows *rows, size_t i)
{
	return rows->db->driver->text(rows, i);
}

size_t
sd_rows_count(const struct sd_rows *rows)
{
	return rows->db->driver->count(rows);
}

const char *
sd_rows_label(const struct sd_rows *rows, size_t i)
{
	return rows->db->driver->label(rows, i);
}

void
sd_rows_close(struct sd_rows *rows)
{
	if (rows)
		rows->db->driver->close_rows(rows);
}

enum sd_status
sd_db_value(struct sd_db *db, struct sd_pos pos, const char *sql, const char *const *params,
	size_t n, struct sd_arena *arena, const char **value)
{
	struct sd_rows *rows = sd_db_query(db, pos, sql, params, n);
	enum sd_status status;

	*value = NULL;
	if (!rows)
		return SD_ERR;
	status = sd_rows_next(rows);
	if (status == SD_OK)
		*value = sd_strdup(arena, sd_rows_text(rows, 0));
	sd_rows_close(rows);
	return status == SD_ERR ? SD_ERR : SD_OK;
}

enum sd_status
sd_db_begin(struct sd_db *db, const struct sd_wait *wait, bool foreign_keys_off)
{
	return db->driver->begin(db, wait, foreign_keys_off);
}

enum sd_status
sd_db_commit(struct sd_db *db, const struct sd_wait *wait)
{
	return db->driver->commit(db, wait);
}

void
sd_db_rollback(struct sd_db *db)
{
	db->driver->rollback(db);
}

enum sd_status
sd_db_reset(struct sd_db *db)
{
	return db->driver->reset(db);
}

void
sd_db_patience(struct sd_db *db, const struct sd_wait *wait)
{
	db->driver->patience(db, wait);
}

void
sd_db_same_expressions(
	struct sd_db *db, const struct sd_expressions *pairs, size_t n, enum sd_sameness *same)
{
	if (n)
		db->driver->same_expressions(db, pairs, n, same);
}

const char *
sd_db_untold(const struct sd_db *db, const char **hint)
{
	*hint = db->untold_hint;
	return db->untold;
}

enum sd_db_failure
sd_db_failure(const struct sd_db *db)
{
	return db->failure;
}

unsigned long long
sd_db_changes(const struct sd_db *db)
{
	return db->changes;
}

void
sd_db_limit(struct sd_db *db, const struct sd_limits *limits)
{
	if (db->driver->limit)
		db->driver->limit(db, limits);
}

enum sd_status
sd_db_lock(struct sd_db *db, const char *name, const struct sd_wait *wait)
{
	return db->driver->lock ? db->driver->lock(db, name, wait) : SD_OK;
}

void
sd_db_unlock(struct sd_db *db)
{
	if (db->driver->unlock)
		db->driver->unlock(db);
}

enum sd_status
sd_db_takes_changes(struct sd_db *db)
{
	return db->driver->takes_changes ? db->driver->takes_changes(db) : SD_OK;
}

const char *
sd_db_blocker(const struct sd_db *db)
{
	return db->failure == SD_DB_LOCKED ? db->blocker : NULL;
}

void
sd_db_watch(struct sd_db *db, sd_db_progress_fn *fn, void *ctx)
{
	if (db->driver->watch)
		db->driver->watch(db, fn, ctx);
}

enum sd_doubt
sd_db_settle(struct sd_db *db, struct sd_pos pos, const char *sql)
{
	return db->driver->settle ? db->driver->settle(db, pos, sql) : SD_DOUBT_OPEN;
}

bool
sd_db_knows_function(struct sd_db *db, const char *name)
{
	return !db->driver->knows_function || db->driver->knows_function(db, name);
}

bool
sd_db_compiles(struct sd_db *db, const char *sql)
{
	return !db->driver->compiles || db->driver->compiles(db, sql);
}

bool
sd_db_knows_collation(struct sd_db *db, const char *name)
{
	return !db->driver->knows_collation || db->driver->knows_collation(db, name);
}

const char *
sd_db_whoami(struct sd_db *db, struct sd_arena *arena)
{
	char host[256] = "";
	const struct passwd *entry = getpwuid(geteuid());

	(void)db;
	if (gethostname(host, sizeof host - 1))
		host[0] = '\0';
	return sd_fmt(arena, "%s%s%s",
		entry ? entry->pw_name : sd_fmt(arena, "uid %ld", (long)geteuid()),
		host[0] ? "@" : "", host);
}
