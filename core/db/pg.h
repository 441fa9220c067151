/** What the files of the PostgreSQL driver share: postgres.c (statements, transactions),
 *  postgres_connect.c (a connection, and why there is none), postgres_error.c (failures of
 *  statements in words), postgres_ask.c (equal expressions), postgres_settle.c (statements in
 *  doubt), postgres_watch.c (progress), postgres_blocker.c (who holds a lock), postgres_lock.c,
 *  postgres_scratch.c (databases for one use). */
#ifndef SD_DB_PG_H
#define SD_DB_PG_H

#include "core/db/libpq.h"
#include "core/db/postgres.h"

#include <time.h>

/** The settings that every connection starts with and sd_db_reset() brings back: they decide
 *  how the server spells expressions, and what zone a conversion of timestamps assumes. */
#define SD_PG_PINNED                                                                           \
	"SET DateStyle = 'ISO, MDY'; SET IntervalStyle = 'postgres'; SET TimeZone = 'UTC'; "   \
	"SET extra_float_digits = 1; SET client_min_messages = 'warning'; "                    \
	"SET check_function_bodies = on; SET standard_conforming_strings = on"

struct sd_pg {
	struct sd_db base;
	struct sd_arena *arena; /* of the connection */
	const struct sd_target *target;
	PGconn *conn;
	PGcancel *cancel;
	struct sd_limits limits;
	struct timespec began; /* the open transaction */
	bool own_timeout;      /* the script has set lock_timeout in it */
	sd_db_progress_fn *watch;
	void *watch_ctx;
	PGconn *watcher;   /* second connection, opened by the first long statement */
	long long lock_ms; /* lock_timeout of the statement that runs; 0 = not known */
	struct sd_pg_blocker *blocker; /* heard of while that waits */
	enum sd_db_mode mode;
	struct sd_pos pos;     /* of the statement that runs, for the server's warnings */
	struct sd_diags *user; /* base.diags, unless that is silent for a while */
	bool interrupt_told;   /* to the user: what cleans up after Ctrl-C may run */
	bool standby;          /* the server follows another one, and takes no changes */
	bool in_batch;
	size_t batch_left; /* statements whose results nobody took */
	struct sd_pg_rows *free_rows;
	bool locked; /* holds the advisory lock @lock_key */
	long long lock_key;
	struct sd_pg *maker; /* made this database for its one use, and drops it; or NULL */
	const char *scratch; /* its name then, in the arena of @maker */
};

static inline struct sd_pg *
sd_pg_of(struct sd_db *db)
{
	return (struct sd_pg *)(void *)db;
}

/** Report a failed result (or, @result NULL, the connection's message) of statement @sql at
 *  @pos: the server's message in a report of class DATABASE whose line and column follow the
 *  server's position inside @sql; its DETAIL, CONTEXT as notes, its HINT as a hint.  Sets
 *  db->failure.  Always SD_ERR. */
enum sd_status sd_pg_fail(
	struct sd_pg *db, const PGresult *result, struct sd_pos pos, const char *sql);

/** Report at @pos, or of the database where there is none, what @text says. */
enum sd_status sd_pg_fail_at(struct sd_pg *db, struct sd_pos pos, const char *text);

/** Report, once, that Ctrl-C was pressed: the statement that was to begin then does not.
 *  SD_OK when it was not pressed, or the user was told before. */
enum sd_status sd_pg_check_interrupt(struct sd_pg *db, struct sd_pos pos);

/** A new connection to @target; NULL after a report (@diags NULL: silently). */
PGconn *sd_pg_connect(
	const struct sd_target *target, struct sd_arena *arena, struct sd_diags *diags);

/** Wait for the result of what was sent on db->conn, telling db->watch of the progress of a
 *  long one; the last PGresult, or NULL when the connection was lost.  The caller clears it. */
PGresult *sd_pg_wait(struct sd_pg *db);

/** What asks, over another connection, who blocks the session @pid. */
const char *sd_pg_blocker_query(struct sd_arena *arena, int pid);

/** Take the answer into db->blocker; false when nobody blocks that session. */
bool sd_pg_blocker_hear(struct sd_pg *db, const PGresult *answer);

/** A new statement begins: nobody is known to block it. */
void sd_pg_blocker_forget(struct sd_pg *db);

/** The last statement waited too long: note who held the lock, as far as was heard, with a
 *  hint at the way out, and set db->base.blocker. */
void sd_pg_blocker_note(struct sd_pg *db);

/** The same in words, NULL when nobody is known. */
const char *sd_pg_blocker_words(const struct sd_pg *db);

void sd_pg_same_expressions(
	struct sd_db *db, const struct sd_expressions *pairs, size_t n, enum sd_sameness *same);
enum sd_doubt sd_pg_settle(struct sd_db *db, struct sd_pos pos, const char *sql);
void sd_pg_watch(struct sd_db *db, sd_db_progress_fn *fn, void *ctx);
enum sd_status sd_pg_lock(struct sd_db *db, const char *name, const struct sd_wait *wait);
enum sd_status sd_pg_takes_changes(struct sd_db *db);
void sd_pg_unlock(struct sd_db *db);
struct sd_db *sd_pg_scratch(const struct sd_target *near, struct sd_diags *diags);

/** Drop the scratch database @name, which nobody is connected to any more, and close @maker. */
void sd_pg_drop_scratch(struct sd_pg *maker, const char *name);

#endif
