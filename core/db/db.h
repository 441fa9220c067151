/** A connection to a database.  One struct sd_driver per engine does the work; what calls
 *  these functions does not know which.
 *
 *  Failures are reported with class SD_CLASS_DATABASE to the diagnostics given when opening. */
#ifndef SD_DB_DB_H
#define SD_DB_DB_H

#include "core/base/diag.h"
#include "core/db/target.h"

struct sd_db;
struct sd_rows;

enum sd_db_mode {
	SD_DB_READ,  /* never writes, never creates: a missing file is an error */
	SD_DB_WRITE, /* creates a missing SQLite file */
};

/** Open @target; NULL after a report.  Close with sd_db_close(). */
struct sd_db *sd_db_open(
	const struct sd_target *target, enum sd_db_mode mode, struct sd_diags *diags);
void sd_db_close(struct sd_db *db);

/** Make an empty database for one use; it is gone when it is closed.  SQLite: in memory; @near is
 *  not looked at.  PostgreSQL: on the server of @near, with a name of its own (what a kill -9
 *  leaves behind is called schemadiff_scratch_…).  NULL after a report. */
struct sd_db *sd_db_scratch(const struct sd_dialect *dialect, const struct sd_target *near,
	struct sd_diags *diags);

/** The target names a database that exists: for an SQLite file, that it is there (no
 *  connection is made, nothing is created); true for a server. */
bool sd_db_exists(const struct sd_target *target);

const struct sd_dialect *sd_db_dialect(const struct sd_db *db);

/** Version of the engine, counted as sd_dialect.since does. */
int sd_db_version(const struct sd_db *db);

/** The namespace that unqualified names of new objects go to; NULL on an engine that has but
 *  one, and when the search path names none that exists. */
const char *sd_db_namespace(const struct sd_db *db);

struct sd_diags *sd_db_diags(struct sd_db *db);

/** What became of the last statement, lock or commit. */
enum sd_db_failure {
	SD_DB_FINE,
	SD_DB_FAILED,
	SD_DB_LOCKED,      /* another session held what it needed: worth another try */
	SD_DB_INTERRUPTED, /* the user pressed Ctrl-C (core/db/interrupt.h) */
	SD_DB_LOST,        /* the connection is gone; nobody knows what was done */
};
enum sd_db_failure sd_db_failure(const struct sd_db *db);

/** Who held what the last statement waited for, when that failed with SD_DB_LOCKED, in words
 *  ("process 4711, user ada, …"); NULL = nobody knows.  While sd_db_watch() is on. */
const char *sd_db_blocker(const struct sd_db *db);

/** Rows that the last sd_db_exec() changed. */
unsigned long long sd_db_changes(const struct sd_db *db);

/** Run one statement that returns nothing of interest; an error is reported at @pos. */
enum sd_status sd_db_exec(struct sd_db *db, struct sd_pos pos, const char *sql);

/** The same with parameters (?1 or $1, text or NULL). */
enum sd_status sd_db_exec_params(struct sd_db *db, struct sd_pos pos, const char *sql,
	const char *const *params, size_t n);

/** Run one query.  NULL after a report.  Close with sd_rows_close(). */
struct sd_rows *sd_db_query(struct sd_db *db, struct sd_pos pos, const char *sql,
	const char *const *params, size_t n);

/** Advance to the next row: SD_OK on a row, SD_NOTFOUND behind the last, SD_ERR reported. */
enum sd_status sd_rows_next(struct sd_rows *rows);

/** Column @i of the current row as text, NULL for SQL's NULL; valid until the next row. */
const char *sd_rows_text(struct sd_rows *rows, size_t i);
size_t sd_rows_count(const struct sd_rows *rows); /* of columns */
const char *sd_rows_label(const struct sd_rows *rows, size_t i);
void sd_rows_close(struct sd_rows *rows);

/** First column of the first row of a query, in @arena; NULL when there is no row or it is
 *  NULL.  SD_ERR after a report. */
enum sd_status sd_db_value(struct sd_db *db, struct sd_pos pos, const char *sql,
	const char *const *params, size_t n, struct sd_arena *arena, const char **value);

/** Called while another process holds the lock: @seconds waited so far.  Return false to
 *  give up at once. */
typedef bool sd_wait_fn(void *ctx, unsigned seconds);

/** How a transaction or lock is waited for. */
struct sd_wait {
	unsigned seconds; /* at most */
	sd_wait_fn *waiting;
	void *ctx;
};

/** How long a query outside a transaction waits for another process's lock from now on (5
 *  seconds, silently, when this is never called). */
void sd_db_patience(struct sd_db *db, const struct sd_wait *wait);

/** Begin a transaction that may write at once (SQLite: BEGIN IMMEDIATE), waiting for others
 *  as @wait says.  @foreign_keys_off: SQLite: enforcement is switched off before, and the
 *  setting read back; it comes back with the commit or rollback, and so does
 *  legacy_alter_table (https://www.sqlite.org/pragma.html#pragma_foreign_keys: a no-op
 *  within a transaction). */
enum sd_status sd_db_begin(struct sd_db *db, const struct sd_wait *wait, bool foreign_keys_off);

/** Commit, retrying while a reader holds up an SQLite commit. */
enum sd_status sd_db_commit(struct sd_db *db, const struct sd_wait *wait);

/** Roll back if a transaction is open; never fails. */
void sd_db_rollback(struct sd_db *db);

/** Settings back to those that every revision starts with. */
enum sd_status sd_db_reset(struct sd_db *db);

/** Longest time that a statement waits for a lock, and that it runs; 0 = the engine's own. */
struct sd_limits {
	unsigned long long lock_ms, statement_ms;
};

/** From the next sd_db_reset() on. */
void sd_db_limit(struct sd_db *db, const struct sd_limits *limits);

/** Be the only process that runs scripts whose bookkeeping is called @name, until
 *  sd_db_unlock() or the end of the connection.  Others are waited for as @wait says, the
 *  holder is named in the report.  PostgreSQL: a session-level advisory lock, polled: who
 *  waits *inside* pg_advisory_lock() holds a snapshot, which CREATE INDEX CONCURRENTLY of the
 *  holder waits for.  SQLite: a file beside the database (sqlite_lock.h), whatever @name is. */
enum sd_status sd_db_lock(struct sd_db *db, const char *name, const struct sd_wait *wait);
void sd_db_unlock(struct sd_db *db);

/** The database takes changes at all; SD_ERR after a report (PostgreSQL: a standby takes none).
 *  sd_db_lock() asks by itself. */
enum sd_status sd_db_takes_changes(struct sd_db *db);

/** How far a statement has come that runs for more than a second. */
struct sd_db_progress {
	const char *phase; /* "building index: scanning table", "waiting for process 4711, …" */
	unsigned long long done, total; /* @total 0 = not known */
};
typedef void sd_db_progress_fn(void *ctx, const struct sd_db_progress *progress);

/** Tell @fn of the progress of long statements (PostgreSQL: index builds, as
 *  pg_stat_progress_create_index has it, and who is waited for, as pg_blocking_pids() has it,
 *  asked over a second connection); NULL = nobody. */
void sd_db_watch(struct sd_db *db, sd_db_progress_fn *fn, void *ctx);

/** What is known of a statement that ran outside a transaction and whose end nobody saw. */
enum sd_doubt {
	SD_DOUBT_DONE,   /* the catalog shows its effect */
	SD_DOUBT_UNDONE, /* it may run again: what it left behind has been cleared away */
	SD_DOUBT_OPEN,   /* nothing tells */
	SD_DOUBT_ERROR,  /* reported */
};

/** Find out what became of @sql.  An INVALID index that it left is dropped. */
enum sd_doubt sd_db_settle(struct sd_db *db, struct sd_pos pos, const char *sql);

/** Two expressions over one relation. */
struct sd_expressions {
	const char *relation; /* its name in the database; NULL = no columns */
	const char *source;   /* what stands behind FROM, NULL = @relation itself */
	const char *type;     /* both are converted to it first, or NULL */
	const char *a, *b;
};

/** What an engine says of two expressions. */
enum sd_sameness {
	SD_DIFFERENT, /* or that can't be told at all */
	SD_SAME,
	SD_UNTOLD, /* the engine can tell, but not here: see sd_db_untold() */
};

/** Have the engine decide which of @n pairs mean the same, without running any expression and
 *  without changing anything.  Nothing is reported; all pairs go in one message.  SQLite: the
 *  programs of EXPLAIN SELECT (sqlite_ask.c); PostgreSQL: the output items of EXPLAIN VERBOSE
 *  (postgres_ask.c). */
void sd_db_same_expressions(
	struct sd_db *db, const struct sd_expressions *pairs, size_t n, enum sd_sameness *same);

/** Why the last sd_db_same_expressions() left some pairs untold, and (@hint) the way out. */
const char *sd_db_untold(const struct sd_db *db, const char **hint);

/** The engine knows a function or a collation of this name.  Nothing is reported. */
bool sd_db_knows_function(struct sd_db *db, const char *name);
bool sd_db_knows_collation(struct sd_db *db, const char *name);

/** The engine can compile @sql; it is not run.  Nothing is reported. */
bool sd_db_compiles(struct sd_db *db, const char *sql);

/** Who is connected, for the log: user and host of this process. */
const char *sd_db_whoami(struct sd_db *db, struct sd_arena *arena);

/* ---- drivers ------------------------------------------------------------------------ */

/** One engine.  Every driver's connection begins with struct sd_db. */
struct sd_driver {
	const struct sd_dialect *dialect;
	const char *(*library)(void); /* version of the client library that is linked */
	struct sd_db *(*open)(
		const struct sd_target *target, enum sd_db_mode mode, struct sd_diags *diags);
	void (*close)(struct sd_db *db);
	bool (*exists)(const struct sd_target *target);
	struct sd_db *(*scratch)(const struct sd_target *near, struct sd_diags *diags);
	enum sd_status (*exec)(struct sd_db *db, struct sd_pos pos, const char *sql,
		const char *const *params, size_t n);
	struct sd_rows *(*query)(struct sd_db *db, struct sd_pos pos, const char *sql,
		const char *const *params, size_t n);
	enum sd_status (*next)(struct sd_rows *rows);
	const char *(*text)(struct sd_rows *rows, size_t i);
	size_t (*count)(const struct sd_rows *rows);
	const char *(*label)(const struct sd_rows *rows, size_t i);
	void (*close_rows)(struct sd_rows *rows);
	enum sd_status (*begin)(
		struct sd_db *db, const struct sd_wait *wait, bool foreign_keys_off);
	enum sd_status (*commit)(struct sd_db *db, const struct sd_wait *wait);
	void (*rollback)(struct sd_db *db);
	enum sd_status (*reset)(struct sd_db *db);
	void (*patience)(struct sd_db *db, const struct sd_wait *wait);
	void (*same_expressions)(struct sd_db *db, const struct sd_expressions *pairs, size_t n,
		enum sd_sameness *same);
	/* The rest may be NULL: nothing to do, nothing to tell. */
	void (*limit)(struct sd_db *db, const struct sd_limits *limits);
	enum sd_status (*lock)(struct sd_db *db, const char *name, const struct sd_wait *wait);
	void (*unlock)(struct sd_db *db);
	enum sd_status (*takes_changes)(struct sd_db *db);
	void (*watch)(struct sd_db *db, sd_db_progress_fn *fn, void *ctx);
	enum sd_doubt (*settle)(struct sd_db *db, struct sd_pos pos, const char *sql);
	/* NULL: the engine knows and compiles whatever its own objects use. */
	bool (*knows_function)(struct sd_db *db, const char *name);
	bool (*knows_collation)(struct sd_db *db, const char *name);
	bool (*compiles)(struct sd_db *db, const char *sql);
};

extern const struct sd_driver sd_driver_sqlite;
extern const struct sd_driver sd_driver_postgres;

/** All drivers, NULL at the end. */
extern const struct sd_driver *const sd_drivers[];

/** Base of every driver's connection. */
struct sd_db {
	const struct sd_driver *driver;
	struct sd_diags *diags;
	int version;
	const char *namespace; /* the default one; NULL where there is but one */
	enum sd_db_failure failure;
	const char *blocker;              /* see sd_db_blocker() */
	const char *untold, *untold_hint; /* see sd_db_untold() */
	unsigned long long changes;
};

/** Base of every driver's cursor. */
struct sd_rows {
	struct sd_db *db;
};

#endif
