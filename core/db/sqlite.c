/* SQLite.
 *
 * Two things are done here that a plain use of the library gets wrong.  Enforcement of
 * foreign keys can only be switched outside a transaction, silently stays as it was inside
 * one, and survives a rollback: so it is set before BEGIN, read back, and restored after the
 * end of the transaction.  And waiting for a lock is our own loop, because COMMIT may be held
 * up by a reader with the transaction still open, and because people want to be told. */
#include "core/db/db.h"

#include "core/base/file.h"
#include "core/base/text.h"
#include "core/db/crash.h"
#include "core/db/interrupt.h"
#include "core/db/sqlite_ask.h"
#include "core/db/sqlite_lock.h"
#include "core/db/wait.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define DEFAULT_PATIENCE 5 /* seconds */

struct cursor {
	struct sd_rows base;
	sqlite3_stmt *stmt;
	struct sd_pos pos;
	struct cursor *next_free;
};

struct sqlite {
	struct sd_db base;
	struct sd_arena *arena; /* lives as long as the connection, which lies in it */
	sqlite3 *handle;
	const char *name; /* for reports */
	struct cursor *free_cursors;
	struct sd_waiter patience; /* of queries outside a transaction */
	bool in_begin;             /* settings below are to be restored */
	int foreign_keys, legacy_alter_table;
	struct sd_sqlite_lock lock; /* of the run */
};

static struct sqlite *
self(struct sd_db *db)
{
	return (struct sqlite *)db;
}

sqlite3 *
sd_sqlite_handle(struct sd_db *db)
{
	return self(db)->handle;
}

/* ---- waiting ------------------------------------------------------------------------ */

/* SQLite's busy handler: @nth is 0 when the wait begins. */
static int
on_busy(void *ctx, int nth)
{
	struct sd_waiter *w = ctx;

	if (nth == 0)
		sd_waiter_start(w);
	return !sd_interrupted() && sd_waiter_more(w);
}

/* From a signal's handler, as the library's own shell does. */
static void
cancel(void *connection)
{
	sqlite3_interrupt(((struct sqlite *)connection)->handle);
}

static bool
is_busy(int rc)
{
	return (rc & 0xff) == SQLITE_BUSY;
}

/* ---- reports ------------------------------------------------------------------------ */

/* Move @pos from the start of @sql to the byte @off in it.  The column of a first line is
 * unknown: the statement may not begin where the line does. */
static struct sd_pos
moved(struct sd_pos pos, const char *sql, int off)
{
	const char *line = sql;

	if (!pos.line || off <= 0)
		return pos;
	for (const char *p = sql; *p && p < sql + off; p++) {
		if (*p != '\n')
			continue;
		pos.line++;
		line = p + 1;
	}
	pos.col = line == sql ? pos.col : (uint32_t)(sql + off - line) + 1;
	return pos;
}

static enum sd_status
fail_at(struct sqlite *db, struct sd_pos pos, const char *text)
{
	if (pos.file)
		return sd_fail(db->base.diags, SD_CLASS_DATABASE, pos, "%s", text);
	return sd_fail(
		db->base.diags, SD_CLASS_DATABASE, pos, "database %s: %s", db->name, text);
}

/* Report what the library says of its last failure, in the words of this program where
 * those help more. */
static enum sd_status
fail_engine(struct sqlite *db, struct sd_pos pos, const char *sql)
{
	int rc = sqlite3_extended_errcode(db->handle);

	db->base.failure = SD_DB_FAILED;
	/* a wait is cut short, too */
	if (((rc & 0xff) == SQLITE_INTERRUPT || is_busy(rc)) && sd_interrupted()) {
		db->base.failure = SD_DB_INTERRUPTED;
		return fail_at(db, pos, "interrupted");
	}
	if (is_busy(rc)) {
		db->base.failure = SD_DB_LOCKED;
		fail_at(db, pos, "the database is locked by another process");
		sd_hint(db->base.diags, "try again when it has finished, or wait longer with "
					"--wait SECONDS");
		return SD_ERR;
	}
	if (sql)
		pos = moved(pos, sql, sqlite3_error_offset(db->handle));
	return fail_at(db, pos, sqlite3_errmsg(db->handle));
}

/* ---- statements --------------------------------------------------------------------- */

/* @tail holds nothing but white space, comments and semicolons. */
static bool
is_blank(struct sqlite *db, const char *tail)
{
	while (tail && *tail) {
		sqlite3_stmt *stmt = NULL;
		const char *from = tail;
		int rc = sqlite3_prepare_v2(db->handle, from, -1, &stmt, &tail);
		bool more = stmt != NULL || rc != SQLITE_OK;

		sqlite3_finalize(stmt);
		if (more)
			return false;
		if (tail == from)
			break;
	}
	return true;
}

/* Prepare @sql, which must be one statement, and bind @params.  *@stmt is NULL when @sql is
 * empty.  The text of a parameter must live until the statement is finalized. */
static enum sd_status
prepare(struct sqlite *db, struct sd_pos pos, const char *sql, const char *const *params,
	size_t n, sqlite3_stmt **stmt)
{
	const char *tail = NULL;

	*stmt = NULL;
	if (sqlite3_prepare_v2(db->handle, sql, -1, stmt, &tail) != SQLITE_OK)
		return fail_engine(db, pos, sql);
	if (!is_blank(db, tail)) {
		sqlite3_finalize(*stmt);
		*stmt = NULL;
		return fail_at(db, moved(pos, sql, (int)(tail - sql)),
			"one statement was expected, and text follows it");
	}
	for (size_t i = 0; *stmt && i < n; i++) {
		if (sqlite3_bind_text(*stmt, (int)i + 1, params[i], -1, SQLITE_TRANSIENT) ==
			SQLITE_OK)
			continue;
		fail_engine(db, pos, NULL);
		sqlite3_finalize(*stmt);
		*stmt = NULL;
		return SD_ERR;
	}
	return SD_OK;
}

static enum sd_status
sqlite_exec(struct sd_db *base, struct sd_pos pos, const char *sql, const char *const *params,
	size_t n)
{
	struct sqlite *db = self(base);
	enum sd_status status = SD_OK;
	sqlite3_stmt *stmt;
	int rc;

	base->failure = SD_DB_FINE;
	base->changes = 0;
	if (prepare(db, pos, sql, params, n, &stmt))
		return SD_ERR;
	if (!stmt)
		return SD_OK;
	do
		rc = sqlite3_step(stmt);
	while (rc == SQLITE_ROW);
	if (rc != SQLITE_DONE)
		status = fail_engine(db, pos, sql);
	else if (!sqlite3_stmt_readonly(stmt))
		base->changes = (unsigned long long)sqlite3_changes(db->handle);
	sqlite3_finalize(stmt);
	return status;
}

static struct sd_rows *
sqlite_query(struct sd_db *base, struct sd_pos pos, const char *sql, const char *const *params,
	size_t n)
{
	struct sqlite *db = self(base);
	struct cursor *cursor = db->free_cursors;
	sqlite3_stmt *stmt;

	if (prepare(db, pos, sql, params, n, &stmt))
		return NULL;
	if (!stmt) {
		fail_at(db, pos, "a query was expected, and the text is empty");
		return NULL;
	}
	if (cursor)
		db->free_cursors = cursor->next_free;
	else
		cursor = sd_new(db->arena, struct cursor);
	cursor->base.db = base;
	cursor->stmt = stmt;
	cursor->pos = pos;
	return &cursor->base;
}

static enum sd_status
sqlite_next(struct sd_rows *rows)
{
	struct cursor *cursor = (struct cursor *)rows;
	int rc = sqlite3_step(cursor->stmt);

	if (rc == SQLITE_ROW)
		return SD_OK;
	if (rc == SQLITE_DONE)
		return SD_NOTFOUND;
	return fail_engine(self(rows->db), cursor->pos, sqlite3_sql(cursor->stmt));
}

static const char *
sqlite_text(struct sd_rows *rows, size_t i)
{
	return (const char *)sqlite3_column_text(((struct cursor *)rows)->stmt, (int)i);
}

static size_t
sqlite_count(const struct sd_rows *rows)
{
	return (size_t)sqlite3_column_count(((const struct cursor *)rows)->stmt);
}

static const char *
sqlite_label(const struct sd_rows *rows, size_t i)
{
	return sqlite3_column_name(((const struct cursor *)rows)->stmt, (int)i);
}

static void
sqlite_close_rows(struct sd_rows *rows)
{
	struct cursor *cursor = (struct cursor *)rows;
	struct sqlite *db = self(rows->db);

	sqlite3_finalize(cursor->stmt);
	cursor->stmt = NULL;
	cursor->next_free = db->free_cursors;
	db->free_cursors = cursor;
}

/* ---- opening ------------------------------------------------------------------------ */

static bool
in_memory(const char *file)
{
	return strcmp(file, ":memory:") == 0;
}

static bool
sqlite_exists(const struct sd_target *target)
{
	return in_memory(target->file) || sd_file_exists(target->file);
}

/* Say what is wrong with the file before the library does: it has one message for all. */
static enum sd_status
check_file(struct sqlite *db, const struct sd_target *target, enum sd_db_mode mode)
{
	struct sd_diags *diags = db->base.diags;
	const struct sd_pos none = { 0 };
	const char *file = target->file, *dir;
	struct stat st;

	if (in_memory(file))
		return SD_OK;
	if (stat(file, &st) == 0) {
		if (S_ISDIR(st.st_mode))
			return sd_fail(diags, SD_CLASS_DATABASE, none,
				"database %s is a folder, not a file", db->name);
		if (access(file, mode == SD_DB_WRITE ? R_OK | W_OK : R_OK) == 0)
			return SD_OK;
		return sd_fail(diags, SD_CLASS_DATABASE, none, "database %s cannot be %s: %s",
			db->name, mode == SD_DB_WRITE ? "written" : "read", strerror(errno));
	}
	if (errno != ENOENT && errno != ENOTDIR)
		return sd_fail(diags, SD_CLASS_DATABASE, none, "database %s: %s", db->name,
			strerror(errno));
	if (mode == SD_DB_READ) {
		sd_fail(diags, SD_CLASS_DATABASE, none, "database %s does not exist", db->name);
		sd_hint(diags, "check the URL%s%s%s; `schemadiff upgrade` creates the file",
			target->origin ? " (from " : "", target->origin ? target->origin : "",
			target->origin ? ")" : "");
		return SD_ERR;
	}
	dir = sd_path_dir(db->arena, file);
	if (sd_is_dir(dir))
		return SD_OK;
	sd_fail(diags, SD_CLASS_DATABASE, none,
		"database %s cannot be created: there is no folder %s", db->name, dir);
	sd_hint(diags, "create the folder, or check the URL");
	return SD_ERR;
}

static enum sd_status
fail_open(struct sqlite *db, int rc)
{
	static const struct sd_pos none = { 0 };
	struct sd_diags *diags = db->base.diags;

	switch (rc & 0xff) {
	case SQLITE_NOTADB:
		sd_fail(diags, SD_CLASS_DATABASE, none,
			"database %s is not an SQLite database (or it is encrypted)", db->name);
		return SD_ERR;
	case SQLITE_READONLY:
	case SQLITE_CANTOPEN:
		sd_fail(diags, SD_CLASS_DATABASE, none, "database %s cannot be opened: %s",
			db->name, sqlite3_errmsg(db->handle));
		sd_hint(diags, "a database in WAL mode, or one that a killed process has left, "
			       "can only be read where its folder can be written");
		return SD_ERR;
	default:
		return fail_engine(db, none, NULL);
	}
}

/* Open the file and have the library read its header, which finds most of what can be wrong
 * with it.  A file that someone has locked is a database: waiting comes later, when the
 * caller has said for how long. */
static int
open_handle(struct sqlite *db, const char *file, int flags)
{
	int rc;

	/* Nobody asks how much memory the library uses, and counting it takes a lock at every
	 * allocation: a tenth of the time to read a schema.  Refused, without harm, when the
	 * library is in use already. */
	(void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
	rc = sqlite3_open_v2(file, &db->handle, flags | SQLITE_OPEN_NOMUTEX, NULL);
	if (rc != SQLITE_OK)
		return rc;
	(void)sqlite3_extended_result_codes(db->handle, 1);
	rc = sqlite3_exec(db->handle, "PRAGMA main.schema_version", NULL, NULL, NULL);
	(void)sqlite3_busy_handler(db->handle, on_busy, &db->patience);
	return is_busy(rc) ? SQLITE_OK : rc;
}

static void
close_handle(void *ctx)
{
	struct sqlite *db = ctx;

	(void)sqlite3_close_v2(db->handle);
	db->handle = NULL;
}

/* Open for writing and write nothing: for the two cases in which the library itself has to
 * touch files before or after anyone reads. */
static int
open_querying(struct sqlite *db, const char *file)
{
	int rc = open_handle(db, file, SQLITE_OPEN_READWRITE);

	if (rc == SQLITE_OK)
		rc = sqlite3_exec(db->handle, "PRAGMA query_only = ON", NULL, NULL, NULL);
	return rc;
}

/* The file is in WAL mode and nobody has it open: a read-only connection would make the -wal
 * and -shm files and could not remove them again. */
static bool
is_quiet_wal(struct sqlite *db, const char *file)
{
	unsigned char header[20] = { 0 };
	int fd = open(file, O_RDONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		return false;
	n = read(fd, header, sizeof header);
	(void)close(fd);
	return n == (ssize_t)sizeof header && header[18] == 2 &&
	       !sd_file_exists(sd_fmt(db->arena, "%s-wal", file));
}

static int
open_reading(struct sqlite *db, const char *file)
{
	int rc;

	if (is_quiet_wal(db, file) && access(file, W_OK) == 0 &&
		access(sd_path_dir(db->arena, file), W_OK) == 0)
		return open_querying(db, file);
	rc = open_handle(db, file, SQLITE_OPEN_READONLY);
	if ((rc & 0xff) != SQLITE_READONLY)
		return rc;
	/* What a killed process left behind must be rolled back before anyone can read, and
	 * a read-only connection may not. */
	close_handle(db);
	return open_querying(db, file);
}

static struct sd_db *
sqlite_open(const struct sd_target *target, enum sd_db_mode mode, struct sd_diags *diags)
{
	struct sd_arena *arena = sd_arena_new();
	struct sqlite *db = sd_new(arena, struct sqlite);
	int rc;

	sd_crash_install();
	db->arena = arena;
	db->base.driver = &sd_driver_sqlite;
	db->base.diags = diags;
	db->base.version = sqlite3_libversion_number();
	db->name = sd_strdup(arena, target->masked ? target->masked : target->file);
	db->patience.wait.seconds = DEFAULT_PATIENCE;
	sd_arena_defer(arena, close_handle, db);
	if (check_file(db, target, mode))
		goto failed;
	rc = mode == SD_DB_READ ? open_reading(db, target->file)
				: open_handle(db, target->file,
					  SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
	if (rc != SQLITE_OK) {
		fail_open(db, rc);
		goto failed;
	}
	if (sd_db_reset(&db->base))
		goto failed;
	return &db->base;
failed:
	sd_arena_free(arena);
	return NULL;
}

static enum sd_status
sqlite_lock(struct sd_db *base, const char *name, const struct sd_wait *wait)
{
	struct sqlite *db = self(base);
	const char *file = sqlite3_db_filename(db->handle, "main");

	(void)name; /* runs with other books would stand in each other's way all the same */
	if (sd_sqlite_lock_take(&db->lock, base, file ? file : "", wait, db->arena))
		return SD_ERR;
	/* a run has something to bring to an end: its log, its lock; reading has not */
	sd_interrupt_cancels(cancel, db);
	return SD_OK;
}

static void
sqlite_unlock(struct sd_db *base)
{
	sd_interrupt_cancels(NULL, self(base));
	sd_sqlite_lock_drop(&self(base)->lock);
}

static void
sqlite_close(struct sd_db *base)
{
	sqlite_unlock(base);
	sd_arena_free(self(base)->arena);
}

static void
sqlite_patience(struct sd_db *base, const struct sd_wait *wait)
{
	self(base)->patience.wait = *wait;
}

/* ---- settings and transactions ------------------------------------------------------ */

/* Not defer_foreign_keys: it ends with the transaction by itself, and switching it off inside
 * one forgets the violations that COMMIT would have found. */
static const char *const pins[] = {
	"PRAGMA foreign_keys = ON",
	"PRAGMA legacy_alter_table = OFF",
	"PRAGMA recursive_triggers = OFF",
	"PRAGMA ignore_check_constraints = OFF",
	"PRAGMA reverse_unordered_selects = OFF",
	"PRAGMA writable_schema = OFF",
};

static enum sd_status
run(struct sqlite *db, const char *sql)
{
	if (sqlite3_exec(db->handle, sql, NULL, NULL, NULL) != SQLITE_OK)
		return fail_engine(db, (struct sd_pos){ 0 }, NULL);
	return SD_OK;
}

static enum sd_status
sqlite_reset(struct sd_db *base)
{
	for (size_t i = 0; i < SD_COUNT(pins); i++)
		if (run(self(base), pins[i]))
			return SD_ERR;
	return SD_OK;
}

/* The value of a setting that is a number; -1 when it can't be read. */
static int
setting(struct sqlite *db, const char *pragma)
{
	sqlite3_stmt *stmt = NULL;
	int value = -1;

	if (sqlite3_prepare_v2(db->handle, pragma, -1, &stmt, NULL) == SQLITE_OK &&
		sqlite3_step(stmt) == SQLITE_ROW)
		value = sqlite3_column_int(stmt, 0);
	sqlite3_finalize(stmt);
	return value;
}

/* Give back what begin changed, now that no transaction is open. */
static void
restore(struct sqlite *db)
{
	if (!db->in_begin || !sqlite3_get_autocommit(db->handle))
		return;
	db->in_begin = false;
	(void)sqlite3_exec(db->handle,
		db->foreign_keys ? "PRAGMA foreign_keys = ON" : "PRAGMA foreign_keys = OFF",
		NULL, NULL, NULL);
	(void)sqlite3_exec(db->handle,
		db->legacy_alter_table ? "PRAGMA legacy_alter_table = ON"
				       : "PRAGMA legacy_alter_table = OFF",
		NULL, NULL, NULL);
}

/* Run @sql, which takes a lock, until it succeeds or the wait is over. */
static enum sd_status
run_waiting(struct sqlite *db, const char *sql, const struct sd_wait *wait)
{
	struct sd_waiter w = { 0 };
	int rc;

	if (wait)
		w.wait = *wait;
	sd_waiter_start(&w);
	(void)sqlite3_busy_handler(db->handle, NULL, NULL);
	do
		rc = sqlite3_exec(db->handle, sql, NULL, NULL, NULL);
	while (is_busy(rc) && !sd_interrupted() && sd_waiter_more(&w));
	if (rc != SQLITE_OK) {
		fail_engine(db, (struct sd_pos){ 0 }, NULL);
		/* whoever asked has waited as long as they wanted to */
		db->base.failure = SD_DB_FAILED;
	}
	(void)sqlite3_busy_handler(db->handle, on_busy, &db->patience);
	return rc == SQLITE_OK ? SD_OK : SD_ERR;
}

static enum sd_status
switch_foreign_keys_off(struct sqlite *db)
{
	if (run(db, "PRAGMA foreign_keys = OFF"))
		return SD_ERR;
	if (setting(db, "PRAGMA foreign_keys") == 0)
		return SD_OK;
	return fail_at(
		db, (struct sd_pos){ 0 }, "enforcement of foreign keys cannot be switched off");
}

static enum sd_status
sqlite_begin(struct sd_db *base, const struct sd_wait *wait, bool foreign_keys_off)
{
	struct sqlite *db = self(base);

	if (!sqlite3_get_autocommit(db->handle))
		return fail_at(db, (struct sd_pos){ 0 }, "a transaction is open already");
	db->foreign_keys = setting(db, "PRAGMA foreign_keys");
	db->legacy_alter_table = setting(db, "PRAGMA legacy_alter_table");
	db->in_begin = true;
	if ((!foreign_keys_off || switch_foreign_keys_off(db) == SD_OK) &&
		run_waiting(db, "BEGIN IMMEDIATE", wait) == SD_OK)
		return SD_OK;
	restore(db);
	return SD_ERR;
}

static enum sd_status
sqlite_commit(struct sd_db *base, const struct sd_wait *wait)
{
	struct sqlite *db = self(base);

	if (run_waiting(db, "COMMIT", wait))
		return SD_ERR;
	restore(db);
	return SD_OK;
}

static void
sqlite_rollback(struct sd_db *base)
{
	struct sqlite *db = self(base);

	if (!sqlite3_get_autocommit(db->handle))
		(void)sqlite3_exec(db->handle, "ROLLBACK", NULL, NULL, NULL);
	restore(db);
}

static struct sd_db *
sqlite_scratch(const struct sd_target *near, struct sd_diags *diags)
{
	const struct sd_target target = {
		.dialect = &sd_dialect_sqlite,
		.file = ":memory:",
		.masked = "sqlite::memory:",
		.identity = ":memory:",
	};

	(void)near;
	return sqlite_open(&target, SD_DB_WRITE, diags);
}

const struct sd_driver sd_driver_sqlite = {
	.dialect = &sd_dialect_sqlite,
	.library = sqlite3_libversion,
	.open = sqlite_open,
	.close = sqlite_close,
	.exists = sqlite_exists,
	.scratch = sqlite_scratch,
	.exec = sqlite_exec,
	.query = sqlite_query,
	.next = sqlite_next,
	.text = sqlite_text,
	.count = sqlite_count,
	.label = sqlite_label,
	.close_rows = sqlite_close_rows,
	.begin = sqlite_begin,
	.commit = sqlite_commit,
	.rollback = sqlite_rollback,
	.reset = sqlite_reset,
	.patience = sqlite_patience,
	.lock = sqlite_lock,
	.unlock = sqlite_unlock,
	.same_expressions = sd_sqlite_same_expressions,
	.knows_function = sd_sqlite_knows_function,
	.knows_collation = sd_sqlite_knows_collation,
	.compiles = sd_sqlite_compiles,
};
