/* The advisory lock that makes a run of scripts the only one.  It is polled: a session that
 * waits inside pg_advisory_lock() holds a snapshot, and CREATE INDEX CONCURRENTLY of the
 * session that has the lock waits for that snapshot, for ever. */
#include "core/db/interrupt.h"
#include "core/db/pg.h"

#include <stdlib.h>
#include <time.h>

#define FIRST_STEP_MS 50 /* between two looks; doubled up to the longest */
#define LONGEST_STEP_MS 1000

static const struct sd_pos nowhere;

/* Advisory locks belong to a database; its oid keeps the keys of two databases apart for
 * people who look at pg_locks. */
#define KEY                                                                                    \
	"SELECT pg_catalog.hashtextextended('schemadiff:' OPERATOR(pg_catalog.||) $1, 0) "     \
	"OPERATOR(pg_catalog.#) d.oid::pg_catalog.int8 FROM pg_catalog.pg_database d "         \
	"WHERE d.datname OPERATOR(pg_catalog.=) pg_catalog.current_database()"

/* Who has it, as far as this user may see. */
#define HOLDER                                                                                 \
	"SELECT l.pid, coalesce(a.usename::text, 'unknown'), "                                 \
	"coalesce(nullif(a.application_name, ''), 'unknown'), "                                \
	"coalesce(host(a.client_addr), CASE WHEN a.backend_start IS NULL THEN 'unknown' "      \
	"ELSE 'this host''s socket' END), "                                                    \
	"coalesce(to_char(a.backend_start, 'YYYY-MM-DD HH24:MI:SS TZ'), 'unknown') "           \
	"FROM pg_catalog.pg_locks l LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid " \
	"JOIN pg_catalog.pg_database d ON d.oid = l.database "                                 \
	"WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1 "                      \
	"AND d.datname = pg_catalog.current_database() "                                       \
	"AND (l.classid::int8 << 32) | l.objid::int8 = $1::int8 LIMIT 1"

static long
now_ms(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void
sleep_ms(long ms)
{
	struct timespec step = { .tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000L };

	(void)nanosleep(&step, NULL); /* a signal ends it */
}

static enum sd_status
fail_held(struct sd_pg *db, const char *key)
{
	struct sd_rows *rows = sd_db_query(&db->base, nowhere, HOLDER, &key, 1);
	struct sd_diags *diags = db->base.diags;

	if (!rows)
		return SD_ERR;
	if (sd_rows_next(rows) == SD_OK) {
		sd_fail(diags, SD_CLASS_DATABASE, nowhere,
			"database %s: another run has the lock: process %s, user %s, "
			"application %s, connected from %s since %s",
			db->target->masked, sd_rows_text(rows, 0), sd_rows_text(rows, 1),
			sd_rows_text(rows, 2), sd_rows_text(rows, 3), sd_rows_text(rows, 4));
		sd_hint(diags,
			"try again when it has finished, or wait longer with --wait SECONDS; "
			"SELECT pg_terminate_backend(%s) ends it",
			sd_rows_text(rows, 0));
	} else {
		sd_pg_fail_at(db, nowhere, "another run has the lock");
		sd_hint(diags, "try again, or wait longer with --wait SECONDS");
	}
	sd_rows_close(rows);
	db->base.failure = SD_DB_LOCKED;
	return SD_ERR;
}

static enum sd_status
try_lock(struct sd_pg *db, const char *key)
{
	static const char sql[] = "SELECT pg_catalog.pg_try_advisory_lock($1)";
	struct sd_rows *rows = sd_db_query(&db->base, nowhere, sql, &key, 1);

	if (!rows)
		return SD_ERR;
	if (sd_rows_next(rows) == SD_OK && *sd_rows_text(rows, 0) == 't')
		db->locked = true;
	sd_rows_close(rows);
	return SD_OK;
}

static enum sd_status
wait_for_lock(struct sd_pg *db, const char *key, const struct sd_wait *wait)
{
	long since = now_ms(), step = FIRST_STEP_MS, limit = wait ? (long)wait->seconds : 0;
	long waited, told = -1, left;

	limit *= 1000;
	for (;;) {
		if (try_lock(db, key)) /* reports Ctrl-C too */
			return SD_ERR;
		if (db->locked)
			return SD_OK;
		waited = now_ms() - since;
		if (waited >= limit)
			return fail_held(db, key);
		if (wait->waiting && waited / 1000 > told) {
			told = waited / 1000;
			if (!wait->waiting(wait->ctx, (unsigned)told))
				return fail_held(db, key);
		}
		left = limit - waited;
		sleep_ms(step < left ? step : left);
		step = step * 2 < LONGEST_STEP_MS ? step * 2 : LONGEST_STEP_MS;
	}
}

enum sd_status
sd_pg_takes_changes(struct sd_db *base)
{
	struct sd_pg *db = sd_pg_of(base);

	if (!db->standby)
		return SD_OK;
	base->failure = SD_DB_FAILED;
	sd_pg_fail_at(db, nowhere, "the server is a standby: it takes no changes");
	sd_hint(base->diags, "name the primary server in the URL; of several hosts "
			     "target_session_attrs=read-write finds it");
	return SD_ERR;
}

enum sd_status
sd_pg_lock(struct sd_db *base, const char *name, const struct sd_wait *wait)
{
	struct sd_pg *db = sd_pg_of(base);
	struct sd_arena *scratch;
	enum sd_status status;
	const char *key;

	if (db->locked)
		return SD_OK;
	if (sd_pg_takes_changes(base))
		return SD_ERR;
	/* A waiter in a transaction would hold the snapshot that this is all about. */
	if (PQtransactionStatus(db->conn) == PQTRANS_INTRANS ||
		PQtransactionStatus(db->conn) == PQTRANS_INERROR)
		sd_bug("the lock was asked for inside a transaction");
	scratch = sd_arena_new();
	status = sd_db_value(base, nowhere, KEY, &name, 1, scratch, &key);
	if (status == SD_OK)
		status = wait_for_lock(db, key, wait);
	if (status == SD_OK)
		db->lock_key = strtoll(key, NULL, 10);
	sd_arena_free(scratch);
	return status;
}

void
sd_pg_unlock(struct sd_db *base)
{
	struct sd_pg *db = sd_pg_of(base);
	struct sd_arena *scratch;

	if (!db->locked)
		return;
	db->locked = false;
	scratch = sd_arena_new();
	PQclear(PQexec(db->conn,
		sd_fmt(scratch, "SELECT pg_catalog.pg_advisory_unlock(%lld)", db->lock_key)));
	sd_arena_free(scratch);
}
